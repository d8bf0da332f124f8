/**
 * What is looked at. All of it is in the page's address, so that it can be shared and the back button works:
 * `?dashboard=…` or `?search=…` or `?page=rules`, `last=24h` or `from=…&to=…`, `verdict=denied`, `filter=<field>:<value>`.
 */
export interface State {
  readonly view: View;
  /** Absent: the view's own. */
  readonly period?: Period;
  readonly verdict?: Verdict;
  readonly filters: Filters;
}

export type View =
  | { readonly kind: 'dashboard'; readonly id: string }
  | { readonly kind: 'search'; readonly id: string }
  | { readonly kind: 'rules' };

export type Verdict = 'allowed' | 'denied';

/** The value that a field must have. */
export type Filters = Readonly<Record<string, string>>;

/** Back from now, in date math (`24h`), or from one moment (ISO 8601) to another. */
export type Period = { readonly last: string } | { readonly from: string; readonly to: string };

/** Reads the query of an address; what it does not understand it leaves out. */
export function parseState(query: string, firstDashboard: string): State {
  const given = new URLSearchParams(query);
  const period = parsePeriod(given);
  const verdict = given.get('verdict');
  return {
    view: parseView(given, firstDashboard),
    ...(period && { period }),
    ...((verdict === 'allowed' || verdict === 'denied') && { verdict }),
    filters: Object.fromEntries(given.getAll('filter').flatMap(parseFilter)),
  };
}

function parseView(given: URLSearchParams, firstDashboard: string): View {
  const search = given.get('search');
  if (search !== null) return { kind: 'search', id: search };
  if (given.get('page') === 'rules') return { kind: 'rules' };
  return { kind: 'dashboard', id: given.get('dashboard') ?? firstDashboard };
}

function parsePeriod(given: URLSearchParams): Period | undefined {
  const [last, from, to] = ['last', 'from', 'to'].map((name) => given.get(name));
  if (last && /^\d{1,4}[mhd]$/.test(last)) return { last };
  return from && to && Date.parse(from) < Date.parse(to) ? { from, to } : undefined;
}

/** Only the first colon divides: names of fields have none, addresses of IPv6 do. */
function parseFilter(text: string): [field: string, value: string][] {
  const colon = text.indexOf(':');
  return colon < 1 || colon === text.length - 1 ? [] : [[text.slice(0, colon), text.slice(colon + 1)]];
}

/** The query of an address that {@link parseState} reads, with its `?`. */
export function writeState({ view, period, verdict, filters }: State): string {
  const query = new URLSearchParams();
  if (view.kind === 'rules') query.set('page', 'rules');
  else query.set(view.kind, view.id);
  if (period) for (const [name, value] of Object.entries(period)) query.set(name, value);
  writeFilters(query, { filters, ...(verdict && { verdict }) });
  return `?${query.toString()}`;
}

/** Verdict and filters as the page's address and the server's have them. */
export function writeFilters(query: URLSearchParams, { verdict, filters }: Pick<State, 'verdict' | 'filters'>): void {
  if (verdict) query.set('verdict', verdict);
  for (const [field, value] of Object.entries(filters)) query.append('filter', `${field}:${value}`);
}

/** The same state with another verdict, or with none. */
export function withVerdict({ view, period, filters }: State, verdict: Verdict | undefined): State {
  return { view, ...(period && { period }), ...(verdict && { verdict }), filters };
}

/** The same without the filter of one field. */
export function withoutFilter(filters: Filters, field: string): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([name]) => name !== field));
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A period's first and last moment. */
export function bounds(period: Period, now: Date): { readonly from: Date; readonly to: Date } {
  if ('from' in period) return { from: new Date(period.from), to: new Date(period.to) };
  return { from: new Date(now.getTime() - durationMs(period.last)), to: now };
}

/** `24h` in milliseconds. */
export function durationMs(text: string): number {
  return Number.parseInt(text, 10) * (unitMs[text.slice(-1)] ?? 0);
}
