/** One alert that a rule would raise. */
export interface Finding {
  readonly rule: string;
  /** Values of the rule's `groupBy` fields. */
  readonly group: Readonly<Record<string, string | number>>;
  /** First and last event (ISO 8601), or the window where there is none. */
  readonly from: string;
  readonly to: string;
  /** Events behind it. */
  readonly events: number;
  /** What was counted or found: number of events or of distinct values, the new value, the indicator. */
  readonly found: string | number;
  /** What one of the events says (its `message`); absent where none does. */
  readonly example?: string;
}

/**
 * `scheduled`: one run at `now`, as a target does it: back by the rule's window on `event.ingested`. `period`: what scheduled runs would
 * have found had events come at once; window by window on `@timestamp`.
 */
export type RuleRun =
  | { readonly kind: 'scheduled'; readonly now: Date }
  | { readonly kind: 'period'; readonly from: Date; readonly to: Date };
