import type { ColourName } from './spec.js';

/** What a panel shows, made from the answer to its search; times in milliseconds since 1970, null where there is no value. */
export type PanelData = Numbers | TimeSeries | Categories | Table | Heatmap;

export interface Numbers {
  readonly kind: 'numbers';
  readonly values: readonly NumberValue[];
}

export interface NumberValue {
  readonly title: string;
  readonly value: number | null;
  readonly colour?: ColourName;
  /** The number is a time. */
  readonly kind?: 'time';
}

export interface Series {
  readonly title: string;
  readonly colour?: ColourName;
  /** One for each time or name. */
  readonly values: readonly (number | null)[];
}

export interface TimeSeries {
  readonly kind: 'series';
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

/** Of bars and shares. */
export interface Categories {
  readonly kind: 'categories';
  readonly names: readonly string[];
  /** One for each name, where names have colours of their own: a share of groups. */
  readonly colours?: readonly ColourName[];
  readonly series: readonly Series[];
}

export interface Table {
  readonly kind: 'table';
  readonly columns: readonly { readonly title: string; readonly kind: 'text' | 'number' | 'time' }[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface Heatmap {
  readonly kind: 'heatmap';
  readonly xs: readonly string[];
  readonly ys: readonly string[];
  readonly cells: readonly (readonly [x: number, y: number, value: number])[];
}
