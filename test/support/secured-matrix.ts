import { engineSpec } from '../../src/engine/index.js';
import { loadManifest, type Access } from '../../src/manifest.js';
import { startOrSkip } from './engine-matrix.js';
import {
  startSecuredElasticsearch,
  type SecurableEngine,
  type SecuredElasticsearch,
  type TestRole,
} from './secured-elasticsearch.js';

const { setup, ship, ship_check, status } = loadManifest().privileges.elasticsearch;

/** The users of every secured engine: the roles of manifest.json and no more, and some that are not enough. */
export const securedUsers = {
  installer: { password: 'set-up-1', roles: ['install'] },
  shipper: { password: 'ship-it-1', roles: ['ship'] },
  checker: { password: 'check-it-1', roles: ['check'] },
  watcher: { password: 'look-at-1', roles: ['look'] },
  stranger: { password: 'no-one-1', roles: ['nothing'] },
} as const;

/** What a role of the cluster can have: what is said of Kibana has no meaning in `roles.yml`, which drops such a role. */
function inCluster({ cluster, indices }: Access): TestRole {
  return { cluster, indices };
}

export const securedRoles = {
  install: inCluster(setup),
  ship: inCluster(ship),
  check: inCluster(ship_check),
  look: inCluster(status),
  nothing: { cluster: [] },
} as const satisfies Record<string, TestRole>;

interface Entry {
  readonly suite: Mocha.Suite;
  readonly running: () => SecuredElasticsearch;
}

let matrix: readonly Entry[] | undefined;

function createEntry(id: SecurableEngine): Entry {
  let secured: SecuredElasticsearch | undefined;
  const suite = describe(`on ${engineSpec(id).name} with security`, () => {
    before(async function () {
      const options = { users: securedUsers, roles: securedRoles };
      secured = await startOrSkip(this, () => startSecuredElasticsearch(id, options));
    });
    after(async function () {
      this.timeout(60_000);
      await secured?.stop();
    });
  });
  const running = (): SecuredElasticsearch => {
    if (!secured) throw new Error(`${id} runs only inside tests and hooks`);
    return secured;
  };
  return { suite, running };
}

/** As `forEachEngine`, for each Elasticsearch with TLS and the users above; an engine is started once in a run. */
export function forEachSecured(title: string, define: (running: () => SecuredElasticsearch) => void): void {
  matrix ??= (['elasticsearch-9', 'elasticsearch-8'] as const).map(createEntry);
  for (const { suite, running } of matrix) {
    const inner = describe(title, () => define(running));
    const siblings = inner.parent?.suites;
    siblings?.splice(siblings.indexOf(inner), 1);
    suite.addSuite(inner);
  }
}
