/** When a group raises an alert: a Painless condition on numbers that `buckets_path` finds in its bucket. */
export interface Condition {
  readonly parent_bucket_path: typeof GROUPS;
  readonly buckets_path: Readonly<Record<string, string>>;
  readonly script: { readonly lang: 'painless'; readonly source: string };
  readonly gap_policy: 'skip';
}

/** Name of the composite aggregation; what the alerting user interface calls it. */
export const GROUPS = 'composite_agg';

export function condition(buckets_path: Condition['buckets_path'], source: string): Condition {
  return { parent_bucket_path: GROUPS, buckets_path, script: { lang: 'painless', source }, gap_policy: 'skip' };
}
