import { expect } from 'chai';
import { generateKibana } from '../../../../src/dashboards/kibana/generate.js';
import { loadDashboards } from '../../../../src/dashboards/load.js';
import type { SavedObject } from '../../../../src/dashboards/saved-object.js';
import { targetFields, type FieldType } from '../../../../src/map/fields.js';
import { lensFaults, type LensPanel } from './structure.js';

const [file] = generateKibana();
const objects = (file?.content ?? '')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as SavedObject);
const dashboards = objects.filter(({ type }) => type === 'dashboard');
const specs = loadDashboards();

/** Lens's types, found another way than the builder does: everything has one, and only some of them can be aggregated. */
const types = new Map<string, string>([
  ...targetFields().map(({ name, type }) => [name, lensTypes(type)] as const),
  ...specs.dataView.computed.map(({ name }) => [name, 'number'] as const),
]);

function lensTypes(type: FieldType): string {
  if (type.endsWith('keyword')) return 'string';
  return type === 'long' || type === 'float' ? 'number' : type;
}

function panelsOf({ attributes }: SavedObject): LensPanel[] {
  return JSON.parse(String(attributes.panelsJSON)) as LensPanel[];
}

function key({ type, id }: { type: string; id: string }): string {
  return `${type}:${id}`;
}

describe('kibana.ndjson', () => {
  it('has all specs, and no id twice', () => {
    const ids = (type: string): string[] => objects.filter((object) => object.type === type).map(({ id }) => id);
    expect(ids('dashboard')).to.deep.equal(specs.dashboards.map(({ id }) => id));
    expect(ids('search')).to.deep.equal(specs.searches.map(({ id }) => id));
    expect(ids('index-pattern')).to.deep.equal([specs.dataView.id]);
    expect(new Set(objects.map(key)).size).to.equal(objects.length);
  });

  it('is in versions that every release from 8.19 on takes', () => {
    const versions = new Set(
      objects.map(({ type, typeMigrationVersion }) => `${type} ${String(typeMigrationVersion)}`),
    );
    expect([...versions]).to.deep.equal(['index-pattern 8.0.0', 'search 10.3.0', 'dashboard 10.2.0']);
    expect(new Set(objects.map(({ coreMigrationVersion }) => coreMigrationVersion))).to.deep.equal(new Set(['8.8.0']));
  });

  it('refers only to objects that are in it, by names that are there once', () => {
    const known = new Set(objects.map(key));
    for (const { id, references } of objects) {
      expect(
        references.map(key).filter((name) => !known.has(name)),
        id,
      ).to.deep.equal([]);
      expect(new Set(references.map(({ name }) => name)).size, id).to.equal(references.length);
    }
  });

  it('has only attributes that the import does not refuse', () => {
    const known: Readonly<Record<string, readonly string[]>> = {
      search: [
        ...['title', 'description', 'columns', 'sort', 'grid', 'hideChart', 'isTextBasedQuery', 'timeRestore'],
        'kibanaSavedObjectMeta',
      ],
      dashboard: [
        ...['title', 'description', 'version', 'timeRestore', 'timeFrom', 'timeTo', 'refreshInterval'],
        ...['optionsJSON', 'panelsJSON', 'controlGroupInput', 'kibanaSavedObjectMeta'],
      ],
    };
    for (const { type, id, attributes } of objects) {
      const unknown = Object.keys(attributes).filter((name) => known[type]?.includes(name) === false);
      expect(unknown, id).to.deep.equal([]);
    }
  });

  it('has text where Kibana wants JSON as text', () => {
    const texts = objects.flatMap(({ attributes }) =>
      Object.entries(attributes).filter(([name]) => /JSON$|Map$|^fields$|^fieldAttrs$/.test(name)),
    );
    expect(texts.length).to.be.above(0);
    for (const [name, text] of texts) expect(() => JSON.parse(text as string) as unknown, name).not.to.throw();
  });
});

describe('dashboards in kibana.ndjson', () => {
  for (const dashboard of dashboards) {
    const panels = panelsOf(dashboard);
    const charts = panels.filter(({ type }) => type === 'lens');

    it(`${dashboard.id} has every panel of its spec, in its place`, () => {
      const spec = specs.dashboards.find(({ id }) => id === dashboard.id);
      const cells = (boxes: readonly (readonly [number, number, number, number])[]): number =>
        boxes.reduce((sum, [, , width, height]) => sum + width * height, 0);
      const boxes = panels.map(({ gridData: { x, y, w, h } }) => [x, y, w, h] as const);
      expect(cells(boxes)).to.equal(cells(spec?.panels.map(({ at }) => at) ?? []));
      expect(overlaps(boxes)).to.deep.equal([]);
      expect(panels.map(({ gridData }) => gridData.i)).to.deep.equal(panels.map(({ panelIndex }) => panelIndex));
      expect(new Set(panels.map(({ panelIndex }) => panelIndex)).size).to.equal(panels.length);
    });

    it(`${dashboard.id} has charts that Lens can draw, of our fields only`, () => {
      expect(charts.length).to.be.above(0);
      const faults = charts.flatMap(({ panelIndex, embeddableConfig: { attributes } }) =>
        attributes === undefined
          ? [`${panelIndex} is empty`]
          : lensFaults(attributes.visualizationType, attributes.state, types).map((fault) => `${panelIndex}: ${fault}`),
      );
      expect(faults).to.deep.equal([]);
    });

    it(`${dashboard.id} names all that it refers to, and refers to all that it names`, () => {
      const { searchSourceJSON } = dashboard.attributes.kibanaSavedObjectMeta as { searchSourceJSON: string };
      const { panelsJSON } = dashboard.attributes.controlGroupInput as { panelsJSON: string };
      const { filter } = JSON.parse(searchSourceJSON) as { filter: { meta: { indexRefName: string } }[] };
      const named = [
        ...filter.map(({ meta }) => meta.indexRefName),
        ...Object.keys(JSON.parse(panelsJSON) as object).map((id) => `controlGroup_${id}:optionsListDataView`),
        ...panels.flatMap((panel) => namesOf(panel).map((name) => `${panel.panelIndex}:${name}`)),
      ];
      expect(named.sort()).to.deep.equal(dashboard.references.map(({ name }) => name).sort());
    });
  }
});

function namesOf({ panelRefName, embeddableConfig }: LensPanel): string[] {
  const { attributes, enhancements } = embeddableConfig;
  const layers = Object.keys(attributes?.state.datasourceStates.formBased.layers ?? {});
  return [
    ...(panelRefName === undefined ? [] : [panelRefName]),
    ...layers.map((id) => `indexpattern-datasource-layer-${id}`),
    ...(enhancements.dynamicActions?.events ?? []).map(
      ({ eventId, action }) => `drilldown:${action.factoryId}:${eventId}:dashboardId`,
    ),
  ];
}

type Box = readonly [x: number, y: number, width: number, height: number];

function overlaps(boxes: readonly Box[]): string[] {
  return boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter((b) => a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3])
      .map((b) => `${a.join()} and ${b.join()}`),
  );
}
