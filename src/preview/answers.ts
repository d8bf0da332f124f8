import { eventsSearch, panelData, panelSearch, valuesData, valuesSearch } from '../dashboards/search.js';
import type { ChartPanel, Dashboard, Dashboards } from '../dashboards/spec.js';
import type { Where } from '../query/where.js';
import type { Finding } from '../rules/finding.js';
import type { Rule } from '../rules/spec.js';
import { asList, asObject } from '../target/answer.js';
import type { SearchEngine } from './engine.js';
import { filterField, one, panelQueryOf, sizeOf, type FieldTypes } from './parameters.js';
import type {
  EventsAnswer,
  FindingsAnswer,
  PanelAnswer,
  RuleSpec,
  Specs,
  StoredEvent,
  ValuesAnswer,
} from './protocol.js';
import { BadParameter } from './refusal.js';

/** What the answers are made from. */
export interface Sources {
  readonly specs: Dashboards;
  readonly rules: readonly Rule[];
  readonly types: FieldTypes;
  readonly engine: SearchEngine;
  readonly streams: string;
  readonly version: string;
  /** What a rule would have found in the period among these documents. */
  readonly findings: (
    rule: Rule,
    period: { readonly from: Date; readonly to: Date },
    where: Where,
    signal: AbortSignal,
  ) => Promise<readonly Finding[]>;
}

/** Answers a request by its query; throws BadParameter, or ConnectorError for what the engine refuses. */
type Answer = (query: URLSearchParams, sources: Sources, signal: AbortSignal) => Promise<object>;

/** By their paths under `/api/`. */
export const answers: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['specs', specs],
  ['panel', panel],
  ['events', events],
  ['values', values],
  ['findings', findings],
]);

const MOST_EVENTS = 500;
const MOST_VALUES = 500;

function specs(_: URLSearchParams, { specs: all, rules, types, streams, version }: Sources): Promise<Specs> {
  return Promise.resolve({ ...all, rules: rules.map(ruleSpec), filterable: [...types.keys()], streams, version });
}

function ruleSpec(rule: Rule): RuleSpec {
  const { id, title, description, why, triage, falsePositives, severity, riskScore, attack, window, every } = rule;
  const { detect } = rule;
  return {
    ...{ id, title, description, why, triage, falsePositives, severity, riskScore, attack, window, every },
    kind: detect.kind,
    ...('field' in detect && { field: detect.field }),
  };
}

async function panel(query: URLSearchParams, sources: Sources, signal: AbortSignal): Promise<PanelAnswer> {
  const { specs: all, engine, types } = sources;
  const dashboard = named(query, 'dashboard', all.dashboards);
  const found = chartOf(query, dashboard);
  const body = panelSearch(found, dashboard, all.dataView, panelQueryOf(query, types));
  return { data: panelData(found, await engine.search(body, signal)) };
}

function chartOf(query: URLSearchParams, { panels }: Dashboard): ChartPanel {
  const found = named(query, 'panel', panels);
  if (found.chart === 'text' || found.chart === 'events') throw new BadParameter('panel', 'has no figures.');
  return found;
}

async function events(query: URLSearchParams, sources: Sources, signal: AbortSignal): Promise<EventsAnswer> {
  const { specs: all, engine, types } = sources;
  const search = named(query, 'search', all.searches);
  const where = query.has('dashboard') ? named(query, 'dashboard', all.dashboards).where : {};
  const size = sizeOf(query, MOST_EVENTS);
  const body = {
    ...eventsSearch(search, { where }, all.dataView, panelQueryOf(query, types)),
    // The page shows whole documents, where dashboards show columns.
    ...{ size, track_total_hits: true, _source: true, fields: [] },
  };
  const { hits } = asObject(await engine.search(body, signal));
  const { total, hits: found } = asObject(hits);
  return { total: Number(asObject(total)['value'] ?? 0), events: asList(found).map(storedEvent) };
}

function storedEvent(hit: unknown): StoredEvent {
  const { _id: id, _index: index, _source: document } = asObject(hit);
  return { id: String(id), index: String(index), document: asObject(document) };
}

async function values(query: URLSearchParams, sources: Sources, signal: AbortSignal): Promise<ValuesAnswer> {
  const { specs: all, engine, types } = sources;
  const field = one(query, 'field');
  filterField(field, types);
  const choice = { where: {}, controls: [{ field, title: field }] };
  const body = valuesSearch(choice, all.dataView, panelQueryOf(query, types), MOST_VALUES);
  return { values: valuesData(choice, await engine.search(body, signal)).get(field) ?? [] };
}

async function findings(query: URLSearchParams, sources: Sources, signal: AbortSignal): Promise<FindingsAnswer> {
  const { rules, types, findings: find } = sources;
  const rule = named(query, 'rule', rules);
  const { from, to, where } = panelQueryOf(query, types);
  return { findings: await find(rule, { from: new Date(from), to: new Date(to) }, where, signal) };
}

/** What a parameter names by its id. */
function named<T extends { readonly id: string }>(query: URLSearchParams, parameter: string, list: readonly T[]): T {
  const id = one(query, parameter);
  const found = list.find((candidate) => candidate.id === id);
  if (found === undefined)
    throw new BadParameter(parameter, `names none of: ${list.map((each) => each.id).join(', ')}.`);
  return found;
}
