import type { Specs, ValuesAnswer } from '../protocol.js';
import { periodOf, type Look } from './app.js';
import { ask, ServerFault } from './ask.js';
import { fill, h } from './dom.js';
import { sidebar } from './sidebar.js';
import { parseState, writeState, type State } from './state.js';
import { refuseMarkup } from './trusted.js';
import { viewOf } from './view.js';

const DEFAULT_LAST = '24h';
const ORGANIZATIONS_SINCE_MS = 30 * 86_400_000;

const root = document.getElementById('app') ?? document.body;

interface World {
  readonly specs: Specs;
  readonly organizations: readonly string[];
}

/** Ends what the look before has under way. */
let looking = new AbortController();

function show(world: World): void {
  looking.abort();
  looking = new AbortController();
  const { specs } = world;
  const state = parseState(location.search, specs.dashboards.find(({ id }) => id.includes('overview'))?.id ?? '');
  const look: Look = {
    ...world,
    state,
    ...periodOf(state, ownPeriod(specs, state), new Date()),
    signal: looking.signal,
    go: (next) => go(world, next),
  };
  const before = document.querySelector('main')?.dataset['view'];
  const name = writeState({ view: state.view, filters: {} });
  // On the page before it is drawn on: charts need their size.
  const main = h('main', { attrs: { 'data-view': name } });
  fill(root, sidebar(look), main);
  main.append(viewOf(look));
  if (before !== undefined && before !== name) scrollTo(0, 0);
}

function ownPeriod({ dashboards }: Specs, { view }: State): string {
  const dashboard = view.kind === 'dashboard' ? dashboards.find(({ id }) => id === view.id) : undefined;
  return dashboard?.last ?? DEFAULT_LAST;
}

function go(world: World, state: State): void {
  const address = writeState(state);
  if (address !== location.search) history.pushState(null, '', address);
  show(world);
}

/** Without an answer there is no choice to offer, nothing worse. */
async function organizations(signal: AbortSignal): Promise<readonly string[]> {
  const now = Date.now();
  const [from, to] = [now - ORGANIZATIONS_SINCE_MS, now].map((time) => new Date(time).toISOString());
  const query = new URLSearchParams({ field: 'organization.id', from: from ?? '', to: to ?? '' });
  try {
    return (await ask<ValuesAnswer>('values', query, signal)).values;
  } catch {
    return [];
  }
}

async function start(): Promise<void> {
  try {
    const never = new AbortController().signal;
    const [specs, known] = await Promise.all([ask<Specs>('specs', new URLSearchParams(), never), organizations(never)]);
    const world = { specs, organizations: known };
    addEventListener('popstate', () => show(world));
    show(world);
  } catch (error) {
    const { message, remedy } = error instanceof ServerFault ? error.fault : { message: String(error), remedy: '' };
    fill(root, h('div', { class: 'notice failure' }, h('strong', {}, message), h('span', {}, remedy)));
  }
}

refuseMarkup();
void start();
