import type { Specs } from '../protocol.js';
import { bounds, writeFilters, type Filters, type Period, type State } from './state.js';

/** What every part of the page works with, for one look at the data: a new state makes a new one. */
export interface Look {
  readonly specs: Specs;
  readonly state: State;
  /** Ids that there have been lately. */
  readonly organizations: readonly string[];
  readonly period: Period;
  readonly from: Date;
  readonly to: Date;
  /** Ends when something else is looked at: whatever is under way is given up. */
  readonly signal: AbortSignal;
  /** Looks at something else. */
  readonly go: (state: State) => void;
}

/** The query that all requests of a look have in common. */
export function commonQuery({ state, from, to }: Look): URLSearchParams {
  const query = new URLSearchParams({ from: from.toISOString(), to: to.toISOString() });
  writeFilters(query, state);
  return query;
}

/** @param defaultLast For a state without a period. */
export function periodOf(state: State, defaultLast: string, now: Date): Pick<Look, 'period' | 'from' | 'to'> {
  const period = state.period ?? { last: defaultLast };
  return { period, ...bounds(period, now) };
}

/** Shows only these values, in the same view. */
export function narrow(look: Look, filters: Filters): void {
  look.go({ ...look.state, filters: { ...look.state.filters, ...filters } });
}

/** Fields whose values lead where those of another do: rules group by ids. */
const alike: Readonly<Record<string, string>> = {
  'user.id': 'user.name',
  'cloudconnexa.initiator.id': 'user.name',
  'source.address': 'user.name',
  'source.ip': 'user.name',
  'destination.address': 'destination.ip',
};

/** The dashboard that a value of the field leads to, unless it is the one that is shown. */
export function linkedDashboard({ specs, state }: Look, field: string): string | undefined {
  const to = specs.dataView.links.find((link) => link.field === (alike[field] ?? field))?.to;
  return state.view.kind === 'dashboard' && state.view.id === to ? undefined : to;
}

/** Where a click on a value leads: to the dashboard for such values, without the verdict, or to the same view with only this value. */
export function drillState(look: Look, field: string, value: string): State {
  const to = linkedDashboard(look, field);
  const filters = { ...look.state.filters, [field]: value };
  return to === undefined
    ? { ...look.state, filters }
    : { view: { kind: 'dashboard', id: to }, period: look.period, filters };
}

export function shortTitle(title: string): string {
  const text = title.replace(/^CloudConnexa\s+/, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
