import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'yaml';
import { ConnectorError } from '../errors.js';
import { packagePath } from '../package-root.js';
import { dashboardFaults } from './check.js';
import { shapeFaults, type SpecKind } from './schema.js';
import type { Dashboard, Dashboards, DataView, Panel, SavedSearch } from './spec.js';

/** As they are written: what is empty may be left out, and keys are in snake case. */
type DataViewFile = Omit<DataView, 'timeField'> & { readonly time_field: string };
type PanelFile = Omit<Panel, 'where'> & Partial<Pick<SavedSearch, 'where'>>;
type DashboardFile = Omit<Dashboard, 'where' | 'controls' | 'panels'> &
  Partial<Pick<Dashboard, 'where' | 'controls'>> & { readonly panels: readonly PanelFile[] };
type SearchFile = Omit<SavedSearch, 'where'> & Partial<Pick<SavedSearch, 'where'>>;

const DATA_VIEW = 'data-view.yml';

let loaded: Dashboards | undefined;

/**
 * The dashboards, saved searches and data view of this package, checked; in alphabetical order of their ids.
 * @throws ConnectorError CCX_DASHBOARD_INVALID that lists all faults of all files
 */
export function loadDashboards(): Dashboards {
  return (loaded ??= readDashboards(packagePath('dashboards')));
}

/**
 * Reads and checks a folder with `data-view.yml`, `<id>.yml` for each dashboard and `searches/<id>.yml` for each saved search.
 * @throws ConnectorError CCX_DASHBOARD_INVALID that lists all faults of all files, one a line: file, path in the file, fault
 */
export function readDashboards(folder: string): Dashboards {
  const reader = new Reader(folder);
  const dataView = reader.read<DataViewFile>('dataView', DATA_VIEW);
  const dashboards = reader.list('').map((name) => reader.read<DashboardFile>('dashboard', name));
  const searches = reader.list('searches/').map((name) => reader.read<SearchFile>('search', name));
  reader.refuseFaults();
  const all = {
    dataView: asDataView(dataView as DataViewFile),
    dashboards: (dashboards as DashboardFile[]).map(asDashboard),
    searches: (searches as SearchFile[]).map(withWhere),
  };
  reader.faults.push(...dashboardFaults(all));
  reader.refuseFaults();
  return all;
}

/** Reads files and gathers their faults. */
class Reader {
  readonly faults: string[] = [];
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  list(folder: string): string[] {
    const names = readdirSync(`${this.#folder}/${folder}`).filter(
      (name) => name.endsWith('.yml') && name !== DATA_VIEW,
    );
    return names.sort().map((name) => `${folder}${name}`);
  }

  /** The file's content; what the type says holds when there are no faults. */
  read<T>(kind: SpecKind, name: string): T | undefined {
    const value = this.#parse(name);
    if (value === undefined) return undefined;
    const { id } = Object(value) as { id?: unknown };
    const faults = shapeFaults(kind, value);
    if (kind !== 'dataView' && id !== undefined && id !== basename(name, '.yml'))
      faults.push('/id must be the name of the file');
    this.faults.push(...faults.map((fault) => `${name}: ${fault}`));
    return value as T;
  }

  #parse(name: string): unknown {
    try {
      return parse(readFileSync(`${this.#folder}/${name}`, 'utf8')) as unknown;
    } catch (cause) {
      this.faults.push(`${name}: / cannot be read: ${(cause as Error).message.split('\n')[0] ?? ''}`);
      return undefined;
    }
  }

  refuseFaults(): void {
    if (this.faults.length === 0) return;
    const message = ['The dashboards have faults:', ...this.faults].join('\n  ');
    throw new ConnectorError('CCX_DASHBOARD_INVALID', message, { place: this.#folder });
  }
}

function asDataView({ time_field: timeField, ...rest }: DataViewFile): DataView {
  return { ...rest, timeField };
}

function asDashboard(file: DashboardFile): Dashboard {
  return { controls: [], ...withWhere(file), panels: file.panels.map(asPanel) };
}

function asPanel(file: PanelFile): Panel {
  return (file.chart === 'text' || file.chart === 'events' ? file : withWhere(file)) as Panel;
}

function withWhere<T extends object>(file: T): T & Pick<SavedSearch, 'where'> {
  return { where: {}, ...file };
}
