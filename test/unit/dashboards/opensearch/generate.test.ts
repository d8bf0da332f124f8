import { expect } from 'chai';
import { loadDashboards } from '../../../../src/dashboards/load.js';
import { generateOpenSearchDashboards } from '../../../../src/dashboards/opensearch/generate.js';
import type { PatternField } from '../../../../src/dashboards/opensearch/index-pattern.js';
import type { SavedObject } from '../../../../src/dashboards/saved-object.js';
import { fieldsOf as fieldsOfWhere } from '../../../../src/query/where.js';
import { json, type VisState } from './specs.js';

const objects = (generateOpenSearchDashboards()[0]?.content ?? '')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as SavedObject);
const dashboards = objects.filter(({ type }) => type === 'dashboard');
const visualizations = objects.filter(({ type }) => type === 'visualization');

interface PanelEntry {
  readonly gridData: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly panelRefName: string;
}

const versions: Readonly<Record<string, string>> = {
  'index-pattern': '7.6.0',
  visualization: '7.10.0',
  search: '7.9.3',
  dashboard: '7.9.3',
};

function key({ type, id }: { type: string; id: string }): string {
  return `${type}:${id}`;
}

/** Names by which an object's attributes mention its references; reads every JSON text that is in them. */
function mentioned(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name.endsWith('RefName')) return [String(inner)];
    return mentioned(/JSON$|^visState$|^fieldFormatMap$|^fields$/.test(name) ? JSON.parse(String(inner)) : inner);
  });
}

describe('opensearch-dashboards.ndjson', () => {
  it('is in the versions that every release takes', () => {
    const wrong = objects.filter(({ type, migrationVersion }) => migrationVersion?.[type] !== versions[type]);
    expect(wrong.map(key)).to.deep.equal([]);
  });

  it('has all specs, and no id twice', () => {
    const specs = loadDashboards();
    expect(dashboards.map(({ id }) => id)).to.deep.equal(specs.dashboards.map(({ id }) => id));
    expect(objects.filter(({ type }) => type === 'search').map(({ id }) => id)).to.deep.equal(
      specs.searches.map(({ id }) => id),
    );
    expect(new Set(objects.map(key)).size).to.equal(objects.length);
  });

  it('refers only to objects that are in it', () => {
    const known = new Set(objects.map(key));
    const missing = objects.flatMap(({ references }) => references.map(key)).filter((name) => !known.has(name));
    expect(missing).to.deep.equal([]);
  });

  it('mentions exactly the references of each object', () => {
    for (const object of objects) {
      expect(mentioned(object.attributes).sort(), object.id).to.deep.equal(
        object.references.map(({ name }) => name).sort(),
      );
    }
  });

  it('has panels inside the grid, none over another', () => {
    for (const dashboard of dashboards) {
      const boxes = (json(dashboard, 'panelsJSON') as PanelEntry[]).map(({ gridData }) => gridData);
      for (const [i, a] of boxes.entries()) {
        expect(a.x + a.w, dashboard.id).to.be.at.most(48);
        const over = boxes
          .slice(i + 1)
          .filter((b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h);
        expect(over, dashboard.id).to.deep.equal([]);
      }
    }
  });

  it('uses fields of its index pattern only, and for aggregations those that can be aggregated', () => {
    const pattern = objects.find(({ type }) => type === 'index-pattern') as SavedObject;
    const known = new Map((json(pattern, 'fields') as PatternField[]).map((field) => [field.name, field]));
    const used = visualizations.flatMap((object) =>
      (json(object, 'visState') as VisState).aggs.map(({ params }) => params.field),
    );
    const unfit = used.filter((field) => field !== undefined && known.get(field as string)?.aggregatable !== true);
    const formats = Object.keys(json(pattern, 'fieldFormatMap') as object).filter((field) => !known.has(field));
    const columns = objects
      .flatMap(({ attributes }) => (attributes.columns ?? []) as string[])
      .filter((field) => !known.has(field));
    expect({ unfit, formats, columns }).to.deep.equal({ unfit: [], formats: [], columns: [] });
  });

  it('has no condition on a computed field: its script fails for documents that lack what it is made from', () => {
    const computed = new Set(loadDashboards().dataView.computed.map(({ name }) => name));
    const { dashboards: specs, searches } = loadDashboards();
    const wheres = [...specs, ...specs.flatMap(({ panels }) => panels), ...searches].flatMap((spec) =>
      'where' in spec ? fieldsOfWhere(spec.where) : [],
    );
    expect(wheres.filter((field) => computed.has(field))).to.deep.equal([]);
  });
});
