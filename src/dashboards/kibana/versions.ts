/**
 * The last migration that an object of ours has been through. An import refuses an object that says a newer one than the
 * server knows, and migrates one that says an older one; so these are versions that every release from 8.19 on has passed.
 * Read in Kibana's source and in what Elastic's own packages ship: `10.n.0` is the model version n of a type.
 */
export const versions = {
  /** The core's own; has not moved since 8.8. */
  core: '8.8.0',
  types: {
    /** No model versions: the last change was for spaces, in 8.0. */
    'index-pattern': '8.0.0',
    /** Up to 5 nothing but optional attributes was added; 9.x makes tabs of the attributes by itself. */
    search: '10.3.0',
    /** 3 (sections) and 4 (access control) add what we do not have. */
    dashboard: '10.2.0',
  },
} as const;

/** What an object says of its versions. */
export function versionsOf(type: keyof typeof versions.types) {
  return { coreMigrationVersion: versions.core, typeMigrationVersion: versions.types[type] } as const;
}
