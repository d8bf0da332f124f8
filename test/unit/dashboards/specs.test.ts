import { expect } from 'chai';
import { colours } from '../../../src/dashboards/colours.js';
import { loadDashboards } from '../../../src/dashboards/load.js';
import type { Dashboard, Group, Measure, Panel, Split, Terms } from '../../../src/dashboards/spec.js';
import { targetFields } from '../../../src/map/fields.js';
import { clausesOf, type Where } from '../../../src/query/where.js';

const { dataView, dashboards, searches } = loadDashboards();
const types = new Map<string, string>(targetFields().map(({ name, type }) => [name, type]));
const computed = new Set(dataView.computed.map(({ name }) => name));

/** Types that have no values to count by. */
const NOT_COUNTED = ['match_only_text', 'flattened', 'geo_point'];

const allPanels = dashboards.flatMap(({ id, panels }) =>
  panels.map((panel) => ({ place: `${id} ${panel.id}`, panel })),
);
const chartPanels = allPanels.flatMap(({ place, panel }) =>
  panel.chart === 'text' || panel.chart === 'events' ? [] : [{ place, panel }],
);

function splitOf(split: Split | undefined): { terms: Terms[]; groups: readonly Group[] } {
  if (split === undefined) return { terms: [], groups: [] };
  return 'groups' in split ? { terms: [], groups: split.groups } : { terms: [split], groups: [] };
}

/** By what a panel's documents are parted. */
function partsOf(panel: Panel): { terms: Terms[]; groups: readonly Group[] } {
  switch (panel.chart) {
    case 'text':
    case 'events':
      return { terms: [], groups: [] };
    case 'metric':
      return { terms: [], groups: panel.groups ?? [] };
    case 'series':
      return splitOf(panel.split);
    case 'bars':
      return { terms: [panel.by, ...splitOf(panel.split).terms], groups: splitOf(panel.split).groups };
    case 'share':
      return splitOf(panel.by);
    case 'table':
      return { terms: [...panel.rows], groups: [] };
    case 'heatmap':
      return { terms: [panel.x, panel.y], groups: [] };
  }
}

function measuresOf(panel: Panel): readonly Measure[] {
  if (panel.chart === 'text' || panel.chart === 'events') return [];
  return panel.chart === 'table' ? panel.measures : [panel.measure];
}

/** Every condition of the specs, with its place. */
function wheres(): { place: string; where: Where }[] {
  return [
    ...dashboards.map(({ id, where }) => ({ place: id, where })),
    ...searches.map(({ id, where }) => ({ place: id, where })),
    ...chartPanels.map(({ place, panel }) => ({ place, where: panel.where })),
    ...allPanels.flatMap(({ place, panel }) => partsOf(panel).groups.map(({ where }) => ({ place, where }))),
  ];
}

/** Fields whose values are listed or counted, with their places. */
function countedFields(): { place: string; field: string }[] {
  return [
    ...dashboards.flatMap(({ id, controls }) => controls.map(({ field }) => ({ place: id, field }))),
    ...dataView.links.map(({ field }) => ({ place: 'links', field })),
    ...dataView.computed.flatMap(({ name, from }) => from.map((field) => ({ place: name, field }))),
    ...allPanels.flatMap(({ place, panel }) => partsOf(panel).terms.map(({ field }) => ({ place, field }))),
  ];
}

describe('the specs of the dashboards', () => {
  it('are those that were promised', () => {
    expect(dashboards.map(({ id }) => id)).to.deep.equal([
      'cloudconnexa-connector-health',
      'cloudconnexa-denied-flows',
      'cloudconnexa-flow-overview',
      'cloudconnexa-user-investigation',
    ]);
    expect(searches.map(({ id }) => id)).to.deep.equal([
      'cloudconnexa-blocked-threats',
      'cloudconnexa-denied-flow-events',
      'cloudconnexa-pipeline-errors',
      'cloudconnexa-user-flows',
    ]);
  });

  it('ask for fields of the list only', () => {
    const unknown = wheres().flatMap(({ place, where }) =>
      Object.keys(where).flatMap((field) => (types.has(field) ? [] : [`${place}: ${field}`])),
    );
    const columns = searches.flatMap(({ id, columns }) => columns.map((field) => ({ place: id, field })));
    unknown.push(...columns.filter(({ field }) => !types.has(field)).map(({ place, field }) => `${place}: ${field}`));
    expect(unknown).to.deep.equal([]);
  });

  it('list and count by fields that have values to count by', () => {
    const odd = countedFields().filter(({ field }) => NOT_COUNTED.includes(types.get(field) ?? 'match_only_text'));
    expect(odd).to.deep.equal([]);
    expect(countedFields()).to.have.length.above(40);
  });

  it('measure fields that can be measured', () => {
    const odd = chartPanels.flatMap(({ place, panel }) =>
      measuresOf(panel).flatMap(({ of, field }) => {
        if (field === undefined) return [];
        const type = computed.has(field) ? 'float' : (types.get(field) ?? 'unknown');
        const isOdd = of === 'unique' ? NOT_COUNTED.includes(type) : !fits(of, type);
        return isOdd || type === 'unknown' ? [`${place}: ${of} of ${field} (${type})`] : [];
      }),
    );
    expect(odd).to.deep.equal([]);
  });

  it('ask for networks of addresses, and for bounds of numbers and times', () => {
    const odd = wheres().flatMap(({ place, where }) =>
      clausesOf(where).flatMap(({ kind, field }) => {
        const type = types.get(field) ?? '';
        const fit =
          kind === 'cidr' ? type === 'ip' : kind !== 'range' || ['long', 'float', 'date', 'ip'].includes(type);
        return fit ? [] : [`${place}: ${field}`];
      }),
    );
    expect(odd).to.deep.equal([]);
  });

  it('name no person, host, address or time', () => {
    const constants = ['event.action', 'event.dataset', 'event.kind', 'event.code', 'event.type'];
    const fixed = wheres().flatMap(({ place, where }) =>
      clausesOf(where)
        .filter(({ kind, field }) => kind !== 'exists' && !constants.includes(field))
        .map(({ field }) => `${place}: ${field}`),
    );
    expect(fixed).to.deep.equal([]);
  });

  it('give each verdict the same colour everywhere', () => {
    const seen = new Map<string, Set<string>>();
    for (const { panel } of allPanels) {
      for (const { where, colour } of partsOf(panel).groups) {
        const key = JSON.stringify(where);
        seen.set(key, (seen.get(key) ?? new Set()).add(colour));
      }
    }
    expect([...seen].filter(([, those]) => those.size > 1)).to.deep.equal([]);
    expect([...(seen.get('{"event.action":"flow_denied"}') ?? [])]).to.deep.equal(['denied']);
  });

  it('show denied flows alone in the colour of denied', () => {
    const ofDenied = dashboards.flatMap(({ id, where, panels }) =>
      panels.flatMap((panel) =>
        (panel.chart === 'bars' || panel.chart === 'series') &&
        panel.split === undefined &&
        { ...where, ...panel.where }['event.action'] === 'flow_denied'
          ? [`${id} ${panel.id}: ${panel.measure.colour ?? 'none'}`]
          : [],
      ),
    );
    expect(ofDenied).not.to.deep.equal([]);
    expect(ofDenied.filter((one) => !one.endsWith(': denied'))).to.deep.equal([]);
  });

  it('use colours that are apart in lightness too, within a panel', () => {
    for (const { place, panel } of allPanels) {
      const those = partsOf(panel)
        .groups.map(({ colour }) => lightness(colours[colour]))
        .sort((a, b) => a - b);
      const steps = those.slice(1).map((light, i) => light - (those[i] ?? 0));
      expect(Math.min(1, ...steps), place).to.be.above(0.05);
    }
  });

  it('link every dashboard to every other', () => {
    for (const { id, panels } of dashboards) {
      const text = panels.map((panel) => (panel.chart === 'text' ? panel.text : '')).join('\n');
      const linked = [...text.matchAll(/dashboard:([\w-]+)/g)].map(([, to]) => to);
      expect(linked, id).to.have.members(dashboards.map((other) => other.id).filter((other) => other !== id));
    }
  });

  it('begin with what is what, then numbers, then time, and end with the events', () => {
    const charts = ({ panels }: Dashboard): string[] => panels.map(({ chart }) => chart);
    for (const dashboard of dashboards) {
      expect(charts(dashboard).join(' '), dashboard.id).to.match(/^text( metric){2,4} series .*events$/);
    }
  });

  it('use every saved search', () => {
    const used = allPanels.map(({ panel }) => (panel.chart === 'events' ? panel.search : ''));
    expect(used).to.include.members(searches.map(({ id }) => id));
  });

  it('have titles that no other panel of the dashboard has', () => {
    for (const { id, panels } of dashboards) {
      expect(new Set(panels.map(({ title }) => title)).size, id).to.equal(panels.length);
    }
  });
});

function fits(of: Measure['of'], type: string): boolean {
  return ['long', 'float'].includes(type) || (type === 'date' && (of === 'min' || of === 'max'));
}

/** Relative luminance of a colour `#rrggbb`, 0 to 1: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance */
function lightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
