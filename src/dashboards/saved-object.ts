/** One object of a Kibana or OpenSearch Dashboards export file, which has one a line. */
export interface SavedObject {
  readonly type: string;
  readonly id: string;
  readonly attributes: SavedAttributes;
  /** Objects it names; the attributes mention them by `name` only, so that an import may give them other ids. */
  readonly references: readonly Reference[];
  /** OpenSearch Dashboards: by type, the last migration the object has been through. */
  readonly migrationVersion?: Readonly<Record<string, string>>;
  /** Kibana 8.8 and later say it in these two. */
  readonly coreMigrationVersion?: string;
  readonly typeMigrationVersion?: string;
}

export type SavedAttributes = Readonly<Record<string, unknown>>;

export interface Reference {
  readonly type: string;
  readonly id: string;
  readonly name: string;
}

/** The lines of an import file. Without the summary that an export ends with: an import has no use for it. */
export function toNdjson(objects: readonly SavedObject[]): string {
  return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
}
