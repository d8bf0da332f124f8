import type { Where } from '../query/where.js';

export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** A detection rule as it is written under `rules/<id>.yml`, for no target in particular. */
export interface Rule {
  /** Name of the file, and of the rule in every target: it never changes. */
  readonly id: string;
  /** UUID of the Sigma rule, random and for ever. */
  readonly uuid: string;
  /** Raised with each change of what the rule finds or says. */
  readonly version: number;
  readonly title: string;
  /** One or two sentences: what it finds. */
  readonly description: string;
  /** Why it matters, Markdown. */
  readonly why: string;
  /** How to triage an alert, Markdown. */
  readonly triage: string;
  readonly falsePositives: readonly string[];
  readonly severity: Severity;
  /** 0 to 100. */
  readonly riskScore: number;
  /** MITRE ATT&CK techniques, `T1046` or `T1021.001`. */
  readonly attack: readonly string[];
  /** Which events it looks at. */
  readonly where: Where;
  readonly detect: Detect;
  /** How far a run looks back, on `event.ingested`: events may come late. `10m`, `1h`, `24h`. */
  readonly window: string;
  /** How often it runs. */
  readonly every: string;
  readonly evidence: Evidence;
}

/** All are asked for each combination of the `groupBy` fields' values, of which `organization.id` is one. */
export type Detect =
  EachDetect | ThresholdDetect | DistinctDetect | SequenceDetect | NewValueDetect | IndicatorDetect | SilenceDetect;

interface DetectBase {
  readonly groupBy: readonly string[];
}

/** Any event is a finding. */
export interface EachDetect extends DetectBase {
  readonly kind: 'each';
}

/** At least so many events within the window. */
export interface ThresholdDetect extends DetectBase {
  readonly kind: 'threshold';
  readonly atLeast: number;
}

/** At least so many distinct values of a field within the window. */
export interface DistinctDetect extends DetectBase {
  readonly kind: 'distinct';
  readonly field: string;
  readonly atLeast: number;
}

/**
 * At least `atLeast` events that fit `first`, and later (by `@timestamp`) one that fits `then`, all within the window; both in addition
 * to `where`.
 */
export interface SequenceDetect extends DetectBase {
  readonly kind: 'sequence';
  readonly first: Where;
  readonly atLeast: number;
  readonly then: Where;
}

/** A value of `field` that the group has not had in `history` before the window. */
export interface NewValueDetect extends DetectBase {
  readonly kind: 'new_value';
  readonly field: string;
  /** `30d`. */
  readonly history: string;
  /** Whether a group that had no value at all in `history`, such as a new user, counts too. */
  readonly newGroups: boolean;
}

/** A value of `field` is in the threat intelligence, in `indicatorField` of the indices of `indicators`. */
export interface IndicatorDetect extends DetectBase {
  readonly kind: 'indicator';
  readonly field: string;
  readonly indicators: readonly string[];
  readonly indicatorField: string;
  /** Only indicators this young count, by their `@timestamp`: addresses change hands. `30d`. */
  readonly indicatorAge: string;
}

/** No event in the window, though there were some in `history` before it. */
export interface SilenceDetect extends DetectBase {
  readonly kind: 'silence';
  /** `24h`. */
  readonly history: string;
}

/** What proves the rule: each case is shipped and the rule's search asked. */
export interface Evidence {
  readonly fires: readonly EvidenceCase[];
  readonly silent: readonly EvidenceCase[];
}

export interface EvidenceCase {
  readonly title: string;
  readonly events: readonly EvidenceEvents[];
  /** Documents of threat intelligence; for rules of kind `indicator`. */
  readonly indicators?: readonly Readonly<Record<string, unknown>>[];
}

/** One vendor event, or several alike. */
export interface EvidenceEvents {
  /** Vendor's name of the event: `flow-established`. */
  readonly event: string;
  /** How long before the run the first one arrived: `5m`, `3d`. */
  readonly ago: string;
  /** How long before that it happened; at once when left out. */
  readonly late?: string;
  readonly times: number;
  /** Between one and the next. */
  readonly gap: string;
  /** Vendor fields with their values, `log.allowed: false`; `{n}` in a text counts 1, 2, 3 … */
  readonly with: Readonly<Record<string, unknown>>;
  /** Fields of the document that the cluster's ingest pipeline would set, `source.geo.country_iso_code: DE`. */
  readonly stored: Readonly<Record<string, unknown>>;
}
