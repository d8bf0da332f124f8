import { loadManifest, type Access, type Job, type Manifest } from '../manifest.js';
import { engines, type Engine } from '../target/capability.js';
import type { GeneratedFile } from './generate.js';

/** What each role is for, as it says of itself in the cluster and in the documentation. */
export const roleDescriptions: Readonly<Record<Job, string>> = {
  setup: 'cloudconnexa-ecs setup and uninstall: templates, pipeline, lifecycle.',
  dashboards: 'Beside setup: installs and removes the dashboards.',
  rules: 'Beside setup: installs and removes the alert rules.',
  ship: 'cloudconnexa-ecs run and reject replay: adds events, reads nothing.',
  ship_check: 'As cloudconnexa_ship, and looks up which events are stored before it sends them again.',
  status: 'cloudconnexa-ecs status: sees what is installed and counts documents, changes nothing.',
  data: 'Beside setup: uninstall --data deletes the data streams.',
};

/** What a role for a job is called in the cluster: `cloudconnexa_ship`. */
export function roleName(job: Job): string {
  return `cloudconnexa_${job}`;
}

/** How a role of an engine's own words becomes the body of its role API. */
const bodies: Readonly<Record<Engine, (access: Access, description: string) => object>> = {
  // PUT _security/role/NAME: https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-put-role
  elasticsearch: ({ cluster, indices, kibana }, description) => ({
    cluster,
    indices,
    ...(kibana && { applications: [inKibana(kibana)] }),
    // `description` is for 8.15 and later only.
    metadata: { managed_by: 'cloudconnexa-ecs', description },
  }),
  // PUT _plugins/_security/api/roles/NAME: https://docs.opensearch.org/latest/security/access-control/api/#create-role
  opensearch: ({ cluster, indices, tenant }, description) => ({
    description,
    cluster_permissions: cluster,
    index_permissions: indices.map(({ names, privileges }) => ({
      index_patterns: names,
      allowed_actions: privileges,
    })),
    ...(tenant && { tenant_permissions: [{ tenant_patterns: ['global_tenant'], allowed_actions: tenant }] }),
  }),
};

/** Privileges of Kibana's features as Elasticsearch keeps them; in the default space. */
function inKibana(features: Readonly<Record<string, readonly string[]>>): object {
  const privileges = Object.entries(features).flatMap(([feature, levels]) =>
    levels.map((level) => `feature_${feature}.${level}`),
  );
  return { application: 'kibana-.kibana', privileges, resources: ['space:default'] };
}

/** A role for a job: the body of the engine's role API. */
export function roleBody(engine: Engine, job: Job, { privileges }: Pick<Manifest, 'privileges'>): object {
  return bodies[engine](privileges[engine][job], roleDescriptions[job]);
}

/** The files under `roles/`: `roles/elasticsearch/cloudconnexa_ship.json`, one for each engine and job. */
export function generateRoles(manifest: Manifest = loadManifest()): GeneratedFile[] {
  return engines.flatMap((engine) =>
    (Object.keys(manifest.privileges[engine]) as Job[]).map((job) => ({
      path: `roles/${engine}/${roleName(job)}.json`,
      content: `${JSON.stringify(roleBody(engine, job, manifest), null, 2)}\n`,
    })),
  );
}
