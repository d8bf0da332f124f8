import type { PanelData } from '../dashboards/data.js';
import type { Dashboards } from '../dashboards/spec.js';
import type { Finding } from '../rules/finding.js';
import type { Detect, Rule } from '../rules/spec.js';

/** What server and page tell each other, as JSON. */

/** `GET /api/specs`: what there is to look at. */
export interface Specs extends Dashboards {
  readonly rules: readonly RuleSpec[];
  /** Fields that a filter can name. */
  readonly filterable: readonly string[];
  /** Index pattern that is really looked at. */
  readonly streams: string;
  readonly version: string;
}

/** A rule as people read it. */
export type RuleSpec = Pick<
  Rule,
  | 'id'
  | 'title'
  | 'description'
  | 'why'
  | 'triage'
  | 'falsePositives'
  | 'severity'
  | 'riskScore'
  | 'attack'
  | 'window'
  | 'every'
> & {
  readonly kind: Detect['kind'];
  /** What its findings found values of, if it looks at values. */
  readonly field?: string;
};

/** `GET /api/panel?dashboard=…&panel=…`, with a period and filters. */
export interface PanelAnswer {
  readonly data: PanelData;
}

/** `GET /api/events?search=…&size=…`: the newest events of a saved search. */
export interface EventsAnswer {
  /** How many there are in all. */
  readonly total: number;
  readonly events: readonly StoredEvent[];
}

export interface StoredEvent {
  readonly id: string;
  readonly index: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** `GET /api/values?field=…`: the most frequent values of a field. */
export interface ValuesAnswer {
  readonly values: readonly string[];
}

/** `GET /api/findings?rule=…`: what the rule would have found in the period. */
export interface FindingsAnswer {
  readonly findings: readonly Finding[];
}

/** Any answer but 200. */
export interface Fault {
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string };
}
