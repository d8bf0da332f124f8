import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { loadManifest } from '../../src/manifest.js';
import { packagePath } from '../../src/package-root.js';

interface OpenSearchRole {
  readonly cluster_permissions: readonly string[];
  readonly index_permissions: readonly {
    readonly index_patterns: readonly string[];
    readonly allowed_actions: readonly string[];
  }[];
}

const readme = readFileSync(packagePath('README.md'), 'utf8');
const [elasticsearchRoles, openSearchRoles] = [...readme.matchAll(/```yaml\n([^`]*)```/g)]
  .map(([, yaml]) => parse(yaml ?? '') as Record<string, unknown>)
  .filter((block) => 'cloudconnexa_ship' in block);
const { privileges } = loadManifest();

/** A role of OpenSearch in the manifest's words. */
function accessOf({ cluster_permissions: cluster, index_permissions: indices }: OpenSearchRole): object {
  return {
    cluster,
    indices: indices.map(({ index_patterns: names, allowed_actions }) => ({ names, privileges: allowed_actions })),
  };
}

function rolesOf({ setup, ship, ship_check }: Readonly<Record<'setup' | 'ship' | 'ship_check', object>>): object {
  return { cloudconnexa_setup: setup, cloudconnexa_ship: ship, cloudconnexa_ship_check: ship_check };
}

describe('README', () => {
  it('gives the Elasticsearch roles of the manifest', () => {
    expect(elasticsearchRoles).to.deep.equal(rolesOf(privileges.elasticsearch));
  });

  it('gives the OpenSearch roles of the manifest', () => {
    const roles = openSearchRoles as Record<string, OpenSearchRole>;
    const found = Object.entries(roles).map(([name, role]) => [name, accessOf(role)]);
    expect(Object.fromEntries(found)).to.deep.equal(rolesOf(privileges.opensearch));
  });
});
