import type { BarsPanel, Dashboard, Dashboards, Measure, Panel, SeriesPanel } from './spec.js';

/** Columns of a dashboard's grid. */
const WIDTH = 48;

/** What no schema can say about dashboards that have the right shape, one line a fault: file, path in the file, fault. */
export function dashboardFaults({ dataView, dashboards, searches }: Dashboards): string[] {
  const known = {
    dashboards: new Set(dashboards.map(({ id }) => id)),
    searches: new Set(searches.map(({ id }) => id)),
  };
  const links = dataView.links.flatMap(({ to }, i) =>
    known.dashboards.has(to) ? [] : [`data-view.yml: /links/${i}/to names no dashboard: ${to}`],
  );
  const twice = repeated(dataView.links.map(({ field }) => field)).map(
    (i) => `data-view.yml: /links/${i}/field has a link already`,
  );
  return [...links, ...twice, ...dashboards.flatMap((dashboard) => faultsOf(dashboard, known))];
}

interface Known {
  readonly dashboards: ReadonlySet<string>;
  readonly searches: ReadonlySet<string>;
}

function faultsOf({ id, panels }: Dashboard, known: Known): string[] {
  const faults = [
    ...panels.flatMap((panel, i) => panelFaults(panel, known).map((fault) => `/panels/${i}${fault}`)),
    ...repeated(panels.map((panel) => panel.id)).map((i) => `/panels/${i}/id is there twice`),
    ...layoutFaults(panels),
  ];
  return faults.map((fault) => `${id}.yml: ${fault}`);
}

function panelFaults(panel: Panel, known: Known): string[] {
  switch (panel.chart) {
    case 'text':
      return linksOf(panel.text)
        .filter((to) => !known.dashboards.has(to))
        .map((to) => `/text links to no dashboard: ${to}`);
    case 'events':
      return known.searches.has(panel.search) ? [] : [`/search names no saved search: ${panel.search}`];
    case 'table':
      return panel.measures.flatMap((measure, i) => measureFaults(measure, `/measures/${i}`));
    case 'series':
    case 'bars':
      return [...measureFaults(panel.measure, '/measure'), ...colourFaults(panel)];
    case 'metric':
    case 'share':
    case 'heatmap':
      return measureFaults(panel.measure, '/measure');
  }
}

/** Ids of the dashboards that a panel's Markdown links to. */
function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(dashboard:([^)]*)\)/g)].map(([, id = '']) => id);
}

function measureFaults({ of, field }: Measure, path: string): string[] {
  if ((of === 'count') === (field === undefined)) return [];
  return [of === 'count' ? `${path}/field has no meaning for a count` : `${path} must have a field`];
}

/** The parts of a split have colours of their own. */
function colourFaults({ measure, split }: SeriesPanel | BarsPanel): string[] {
  return measure.colour === undefined || split === undefined ? [] : ['/measure/colour has no meaning with a split'];
}

function repeated(names: readonly string[]): number[] {
  return names.flatMap((name, i) => (names.indexOf(name) < i ? [i] : []));
}

/** Each cell of the grid down to the last row belongs to one panel. */
function layoutFaults(panels: readonly Panel[]): string[] {
  const owners = new Map<string, string>();
  const faults = new Set<string>();
  panels.forEach(({ id, at: [left, top, width, height] }, i) => {
    if (left < 0 || top < 0 || width < 1 || height < 1 || left + width > WIDTH) {
      faults.add(`/panels/${i}/at is outside of the grid of ${WIDTH} columns`);
    }
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) {
        const owner = owners.get(`${x},${y}`) ?? id;
        if (owner !== id) faults.add(`/panels/${i}/at overlaps ${owner}`);
        owners.set(`${x},${y}`, id);
      }
    }
  });
  const rows = Math.max(...panels.map(({ at: [, top, , height] }) => top + height));
  const gap = Array.from({ length: rows * WIDTH }, (_, i) => [i % WIDTH, Math.floor(i / WIDTH)] as const).find(
    ([x, y]) => !owners.has(`${x},${y}`),
  );
  if (gap !== undefined) faults.add(`/panels leaves a gap at column ${gap[0]}, row ${gap[1]}`);
  return [...faults];
}
