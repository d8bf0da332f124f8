import type { Where } from '../query/where.js';

/**
 * The dashboards as they are written under `dashboards/`, for no target in particular. What is built from them: saved objects
 * for OpenSearch Dashboards and for Kibana, the searches behind the panels, the pages of `preview`.
 */
export interface Dashboards {
  readonly dataView: DataView;
  readonly dashboards: readonly Dashboard[];
  readonly searches: readonly SavedSearch[];
}

/** `dashboards/data-view.yml`: the documents that all panels look at. */
export interface DataView {
  readonly id: string;
  /** Index pattern. */
  readonly pattern: string;
  readonly name: string;
  readonly timeField: string;
  /** Fields that are worked out from a document's own when it is looked at. */
  readonly computed: readonly ComputedField[];
  /** A value of the field leads to the dashboard, which then shows only that value. */
  readonly links: readonly { readonly field: string; readonly to: string }[];
}

export interface ComputedField {
  readonly name: string;
  readonly description: string;
  /** Painless expression that gives a number, from `doc`; it is asked only for documents that have all of `from`. */
  readonly script: string;
  readonly from: readonly string[];
  readonly unit: 'seconds';
}

/** `dashboards/<id>.yml`. */
export interface Dashboard {
  /** Name of the file, and of the saved object: it never changes. */
  readonly id: string;
  readonly title: string;
  /** One sentence: which question it answers. */
  readonly description: string;
  /** How far back it looks when it is opened, in date math: `24h`. */
  readonly last: string;
  /** Holds for all panels. */
  readonly where: Where;
  /** Lists to choose values from. */
  readonly controls: readonly { readonly field: string; readonly title: string }[];
  readonly panels: readonly Panel[];
}

/** `dashboards/searches/<id>.yml`. */
export interface SavedSearch {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly where: Where;
  /** Columns after the time. */
  readonly columns: readonly string[];
}

interface PanelBase {
  /** Unique in the dashboard; part of the saved object's id. */
  readonly id: string;
  /** Says what is shown. */
  readonly title: string;
  /** Place in a grid of 48 columns: x, y, width, height. A row is about 20 pixels high. */
  readonly at: readonly [x: number, y: number, width: number, height: number];
}

interface DataPanel extends PanelBase {
  /** In addition to the dashboard's. */
  readonly where: Where;
}

export type Panel = TextPanel | EventsPanel | ChartPanel;
export type ChartPanel = MetricPanel | SeriesPanel | BarsPanel | SharePanel | TablePanel | HeatmapPanel;

/** Markdown for the reader. `[text](dashboard:<id>)` links to another dashboard. */
export interface TextPanel extends PanelBase {
  readonly chart: 'text';
  readonly text: string;
}

/** The events of a saved search, newest first. */
export interface EventsPanel extends PanelBase {
  readonly chart: 'events';
  readonly search: string;
}

/** One number, or one for each group. */
export interface MetricPanel extends DataPanel {
  readonly chart: 'metric';
  readonly measure: Measure;
  readonly groups?: readonly Group[];
}

/** A measure over time. */
export interface SeriesPanel extends DataPanel {
  readonly chart: 'series';
  /** Bars and areas stand on each other. */
  readonly style: 'bars' | 'lines' | 'areas';
  readonly measure: Measure;
  readonly split?: Split;
}

/** A measure of the largest values of a field, as lying bars, largest first. */
export interface BarsPanel extends DataPanel {
  readonly chart: 'bars';
  readonly by: Terms;
  readonly measure: Measure;
  readonly split?: Split;
}

/** A measure's parts of the whole, as a ring. */
export interface SharePanel extends DataPanel {
  readonly chart: 'share';
  readonly by: Split;
  readonly measure: Measure;
}

/** A row for each combination of values, ordered by the first measure, largest first. */
export interface TablePanel extends DataPanel {
  readonly chart: 'table';
  readonly rows: readonly Terms[];
  readonly measures: readonly Measure[];
}

/** A measure of the combinations of two fields, as colours. */
export interface HeatmapPanel extends DataPanel {
  readonly chart: 'heatmap';
  readonly x: Terms;
  readonly y: Terms;
  readonly measure: Measure;
}

/** `count`: documents; `unique`: distinct values of the field; the others: of the field's values, `p95` the 95th percentile. */
export interface Measure {
  readonly title: string;
  readonly of: 'count' | 'unique' | 'min' | 'max' | 'avg' | 'p95';
  /** Of our list or computed; needed by all but `count`. */
  readonly field?: string;
  /** Of a series or bars without a split, where it means something; else they have the first colour of the palette. */
  readonly colour?: ColourName;
}

/** The `size` values of a field that have most of the panel's (first) measure. */
export interface Terms {
  readonly field: string;
  readonly title: string;
  readonly size: number;
}

export type Split = Terms | { readonly groups: readonly Group[] };

/** Documents under a name, always in the same colour. */
export interface Group {
  readonly title: string;
  readonly where: Where;
  readonly colour: ColourName;
}

export type ColourName = 'allowed' | 'denied' | 'alert' | 'neutral' | 'second';
