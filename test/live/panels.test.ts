import { expect } from 'chai';
import type { PanelData } from '../../src/dashboards/data.js';
import { loadDashboards } from '../../src/dashboards/load.js';
import {
  eventsData,
  eventsSearch,
  panelData,
  panelSearch,
  valuesData,
  valuesSearch,
  type PanelQuery,
} from '../../src/dashboards/search.js';
import type { ChartPanel, Dashboard, Measure, Panel, SavedSearch } from '../../src/dashboards/spec.js';
import { mapEvent } from '../../src/map/event.js';
import { sampleEvents, SAMPLE_SEED } from '../../src/sample/events.js';
import type { Capability } from '../support/capabilities.js';
import type { Stored } from '../support/engine-data.js';
import { forEachEngine } from '../support/engine-matrix.js';
import { sampleEnd, writeLines } from '../support/event-files.js';
import { installAssets, workplace } from '../support/workplace.js';

const namespace = 'panels';
const { dashboards, dataView, searches } = loadDashboards();
const HOUR_MS = 3_600_000;

const sound = [...sampleEvents({ seed: SAMPLE_SEED, count: 8000, end: sampleEnd })];
const broken = sound
  .filter((text) => text.includes('"destinationPort":443'))
  .filter((_, i) => i % 500 === 3)
  .map((text) => text.replace('"destinationPort":443', '"destinationPort":"https?"'));
const documents = [...sound, ...broken].map((text) => mapEvent(text, { namespace }).document as unknown as Document);

interface Document {
  readonly '@timestamp': string;
  readonly event: { readonly action?: string; readonly dataset: string; readonly kind: string };
  readonly user?: { readonly name: string };
  readonly destination?: { readonly ip?: string; readonly port?: number };
}

/** The sample's day. */
const day: PanelQuery = {
  from: new Date(sampleEnd.getTime() - 24 * HOUR_MS).toISOString(),
  to: new Date(sampleEnd.getTime() + 60_000).toISOString(),
  where: {},
};

forEachEngine('the panels of the dashboards', (engine) => {
  let stored: Stored;

  before(async function () {
    this.timeout(180_000);
    expect(broken).to.have.length.above(2);
    await installAssets(engine);
    const place = await workplace(engine, { namespace });
    stored = place.stored;
    await writeLines(`${place.events}/day.json`, [...sound, ...broken]);
    const { indexed } = await place.ship();
    expect(indexed).to.equal(documents.length);
    expect(await stored.count()).to.equal(documents.length);
  });

  const ask = (panel: ChartPanel, dashboard: Dashboard, query: Partial<PanelQuery> = {}): Promise<PanelData> =>
    stored
      .search(panelSearch(panel, dashboard, dataView, { ...day, ...query }))
      .then((answer) => panelData(panel, answer));

  const events = (search: SavedSearch, dashboard: Pick<Dashboard, 'where'>) =>
    stored
      .search(eventsSearch(search, dashboard, dataView, day))
      .then((answer) => eventsData(search, dataView, answer));

  for (const dashboard of dashboards) {
    describe(dashboard.title, () => {
      for (const panel of dashboard.panels) {
        if (panel.chart === 'text') continue;
        engine.itNeeds(needsOf(panel), `shows data in: ${panel.title}`, async () => {
          const data =
            panel.chart === 'events' ? await events(searchOf(panel.search), dashboard) : await ask(panel, dashboard);
          expect(gapsOf(data), JSON.stringify(data)).to.deep.equal([]);
        });
      }

      it('has values to choose from in every control', async () => {
        const values = valuesData(dashboard, await stored.search(valuesSearch(dashboard, dataView, day)));
        for (const { field } of dashboard.controls) expect(values.get(field), field).to.not.be.empty;
      });
    });
  }

  for (const search of searches) {
    it(`show events with all their columns in the saved search ${search.title}`, async () => {
      const { rows, columns } = await events(search, { where: {} });
      const empty = columns.filter((_, i) => rows.every((row) => row[i] === null));
      expect(rows).to.not.be.empty;
      expect(empty.map(({ title }) => title)).to.deep.equal([]);
    });
  }

  it('count what was shipped', async () => {
    const [dashboard, panel] = panelOf('cloudconnexa-flow-overview', 'verdicts');
    expect(await ask(panel, dashboard)).to.deep.equal({
      kind: 'numbers',
      values: [
        { title: 'Allowed', value: countOf('flow_allowed'), colour: 'allowed' },
        { title: 'Denied', value: countOf('flow_denied'), colour: 'denied' },
      ],
    });
  });

  it('count what was shipped over time too', async () => {
    const [dashboard, panel] = panelOf('cloudconnexa-flow-overview', 'volume');
    const data = await ask(panel, dashboard);
    if (data.kind !== 'series') throw new Error(data.kind);
    const sums = data.series.map(({ values }) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0));
    expect(sums).to.deep.equal([countOf('flow_allowed'), countOf('flow_denied')]);
    expect(data.times).to.have.length.within(48, 50);
  });

  it('have a time without events as a time with nothing', async () => {
    const [dashboard, panel] = panelOf('cloudconnexa-flow-overview', 'volume');
    const later = new Date(sampleEnd.getTime() + 6 * HOUR_MS).toISOString();
    const data = await ask(panel, dashboard, { to: later });
    if (data.kind !== 'series') throw new Error(data.kind);
    expect(data.series.map(({ values }) => values.at(-1))).to.deep.equal([0, 0]);
    expect(data.times.at(-1)).to.be.above(sampleEnd.getTime() + 5 * HOUR_MS);
  });

  it('rank users by the spread of what they are denied', async () => {
    const [dashboard, panel] = panelOf('cloudconnexa-denied-flows', 'spread');
    const data = await ask(panel, dashboard);
    if (data.kind !== 'categories') throw new Error(data.kind);
    const spread = new Map<string, Set<string | undefined>>();
    for (const { event, user, destination } of documents) {
      if (event.action !== 'flow_denied' || user === undefined) continue;
      spread.set(user.name, (spread.get(user.name) ?? new Set()).add(destination?.ip));
    }
    const sizes = [...spread].map(([user, addresses]) => [user, addresses.size] as const).sort((a, b) => b[1] - a[1]);
    expect([data.names[0], data.series[0]?.values[0]]).to.deep.equal(sizes[0]);
    expect(data.series[0]?.values).to.deep.equal(sizes.slice(0, 10).map(([, size]) => size));
  });

  it('show only what the reader has chosen', async () => {
    const [dashboard, panel] = panelOf('cloudconnexa-flow-overview', 'users-and-devices');
    const user = documents.find(({ event }) => event.action === 'flow_denied')?.user?.name ?? '';
    const data = await ask(panel, dashboard, { where: { 'user.name': user } });
    if (data.kind !== 'table') throw new Error(data.kind);
    expect(new Set(data.rows.map(([name]) => name))).to.deep.equal(new Set([user]));
  });

  it('say what there is not, where there is nothing', async () => {
    const where = { 'user.name': 'nobody' };
    const filled: string[] = [];
    for (const dashboard of dashboards) {
      for (const panel of dashboard.panels) {
        if (panel.chart === 'text' || panel.chart === 'events' || !isPossible(panel)) continue;
        if (gapsOf(await ask(panel, dashboard, { where })).length === 0) filled.push(`${dashboard.id} ${panel.id}`);
      }
    }
    expect(filled).to.deep.equal([]);
  });

  const isPossible = (panel: Panel): boolean => needsOf(panel).every((need) => engine.supports(need));

  engine.itNeeds(['painless'], 'measure how long events took to arrive', async () => {
    const [dashboard, panel] = panelOf('cloudconnexa-connector-health', 'lag');
    const data = await ask(panel, dashboard);
    if (data.kind !== 'numbers') throw new Error(data.kind);
    const sinceEndS = (Date.now() - sampleEnd.getTime()) / 1000;
    expect(data.values[0]?.value).to.be.within(sinceEndS + 22 * 3600 - 600, sinceEndS + 24 * 3600);
  });
});

function countOf(action: string): number {
  return documents.filter(({ event }) => event.action === action).length;
}

function searchOf(id: string): SavedSearch {
  return searches.find((search) => search.id === id) as SavedSearch;
}

function panelOf(dashboardId: string, panelId: string): [Dashboard, ChartPanel] {
  const dashboard = dashboards.find(({ id }) => id === dashboardId) as Dashboard;
  return [dashboard, dashboard.panels.find(({ id }) => id === panelId) as ChartPanel];
}

function needsOf(panel: Panel): Capability[] {
  const computed = new Set(dataView.computed.map(({ name }) => name));
  return measuresOf(panel).some(({ field }) => computed.has(field ?? '')) ? ['painless'] : [];
}

function measuresOf(panel: Panel): readonly Measure[] {
  if (panel.chart === 'text' || panel.chart === 'events') return [];
  return panel.chart === 'table' ? panel.measures : [panel.measure];
}

/** Where a reader would see nothing, a zero alone, or a hole. */
function gapsOf(data: PanelData): string[] {
  const isEmpty = (values: readonly (number | null)[]): boolean => !values.some((value) => (value ?? 0) > 0);
  switch (data.kind) {
    case 'numbers':
      return data.values.filter(({ value }) => isEmpty([value])).map(({ title }) => title);
    case 'series':
    case 'categories': {
      const empty = data.series.filter(({ values }) => isEmpty(values)).map(({ title }) => title);
      return data.series.length === 0 ? ['no series'] : empty;
    }
    case 'table': {
      const holes = data.columns.filter(({ kind }, i) => kind !== 'text' && data.rows.some((row) => row[i] === null));
      return data.rows.length === 0 ? ['no rows'] : holes.map(({ title }) => title);
    }
    case 'heatmap':
      return data.cells.length === 0 ? ['no cells'] : [];
  }
}
