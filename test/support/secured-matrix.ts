import type { AsyncFunc } from 'mocha';
import { engineSpec, type EngineKind } from '../../src/engine/index.js';
import { roleName } from '../../src/install/roles.js';
import type { Job } from '../../src/manifest.js';
import { packageJson } from '../../src/package-root.js';
import { startOrSkip } from './engine-matrix.js';
import { securedCapabilities, securedLacks, type SecuredCapability } from './secured-capabilities.js';
import { startSecuredElasticsearch } from './secured-elasticsearch.js';
import type { SecuredEngine, SecuredOptions } from './secured-engine.js';
import { securableOpenSearch, startSecuredOpenSearch } from './secured-opensearch.js';

/** The users of every secured engine: the roles that the package has and no more, and some that are not enough. */
export const securedUsers = {
  installer: { password: 'hT4-templates-9q', roles: ['setup'] },
  remover: { password: 'vC7-nothing-left-3', roles: ['setup', 'data'] },
  shipper: { password: 'mW7-documents-2x', roles: ['ship'] },
  checker: { password: 'kR3-look-up-5v8z', roles: ['ship_check'] },
  watcher: { password: 'pN6-counting-1z', roles: ['status'] },
  stranger: { password: 'bD2-no-one-8j4w', roles: ['nothing'] },
  /** May ship into one namespace, as docs/security.md narrows the role. */
  tenant: { password: 'gF5-one-of-many-7t', roles: ['narrowed'] },
  /** May do everything: for what tests need beside what they test. */
  owner: { password: 'xL9-all-of-it-6y', roles: ['everything'] },
} as const;

const jobs = ['setup', 'ship', 'ship_check', 'status', 'data'] as const satisfies readonly Job[];

/** For users of the tests that are none of ours. */
const others: Readonly<Record<EngineKind, Readonly<Record<'nothing' | 'everything', object>>>> = {
  elasticsearch: {
    nothing: { cluster: [] },
    everything: { cluster: ['all'], indices: [{ names: ['*'], privileges: ['all'] }] },
  },
  opensearch: {
    // Who may not even ask what the cluster is does not come so far as to be refused an event.
    nothing: { cluster_permissions: ['cluster:monitor/main'] },
    everything: {
      cluster_permissions: ['*'],
      index_permissions: [{ index_patterns: ['*'], allowed_actions: ['*'] }],
    },
  },
};

/** Privileges in Kibana and in tenants have no meaning here, and a file of roles knows no metadata. */
const elsewhere = ['applications', 'metadata', 'tenant_permissions'];

/** A role as it is checked in. */
function checkedIn(kind: EngineKind, job: Job): object {
  const body = packageJson(`roles/${kind}/${roleName(job)}.json`) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !elsewhere.includes(name)));
}

/** As docs/security.md says to do it. */
function narrowed(role: object): object {
  return JSON.parse(JSON.stringify(role).replace('logs-cloudconnexa.*-*', 'logs-cloudconnexa.*-narrow')) as object;
}

export type SecuredRole = (typeof jobs)[number] | 'narrowed' | 'nothing' | 'everything';

export function securedRoles(kind: EngineKind): Readonly<Record<SecuredRole, object>> {
  const ours = jobs.map((job) => [job, checkedIn(kind, job)] as const);
  return {
    ...others[kind],
    ...(Object.fromEntries(ours) as Record<(typeof jobs)[number], object>),
    narrowed: narrowed(checkedIn(kind, 'ship')),
  };
}

/** One of the secured engines as the tests see it. */
export interface SecuredUnderTest {
  readonly kind: EngineKind;
  /** A test that is reported as pending, with the reason, where the engine lacks one of the capabilities. */
  readonly itNeeds: (needed: readonly SecuredCapability[], title: string, test: AsyncFunc) => void;
}

interface Startable {
  readonly kind: EngineKind;
  readonly name: string;
  readonly start: (options: SecuredOptions) => Promise<SecuredEngine>;
}

const startables: readonly Startable[] = [
  ...(['elasticsearch-9', 'elasticsearch-8'] as const).map((id) => ({
    kind: 'elasticsearch' as const,
    name: engineSpec(id).name,
    start: (options: SecuredOptions) => startSecuredElasticsearch(id, options),
  })),
  { kind: 'opensearch', name: securableOpenSearch.name, start: startSecuredOpenSearch },
];

interface Entry {
  readonly suite: Mocha.Suite;
  readonly running: () => SecuredEngine;
  readonly engine: SecuredUnderTest;
}

let matrix: readonly Entry[] | undefined;

function createEntry({ kind, name, start }: Startable): Entry {
  let secured: SecuredEngine | undefined;
  const suite = describe(`on ${name} with security`, () => {
    before(async function () {
      secured = await startOrSkip(this, () => start({ users: securedUsers, roles: securedRoles(kind) }));
    });
    after(async function () {
      this.timeout(60_000);
      await secured?.stop();
    });
  });
  const running = (): SecuredEngine => {
    if (!secured) throw new Error(`${name} runs only inside tests and hooks`);
    return secured;
  };
  const itNeeds: SecuredUnderTest['itNeeds'] = (needed, title, test) => {
    const lacking = needed.filter((capability) => securedLacks[kind].includes(capability));
    if (lacking.length === 0) it(title, test);
    else it(`${title} [not supported here: ${lacking.map((one) => securedCapabilities[one]).join('; ')}]`);
  };
  return { suite, running, engine: { kind, itNeeds } };
}

/** As `forEachEngine`, for each engine with TLS and the users above; an engine is started once in a run. */
export function forEachSecured(
  title: string,
  define: (running: () => SecuredEngine, engine: SecuredUnderTest) => void,
): void {
  matrix ??= startables.map(createEntry);
  for (const { suite, running, engine } of matrix) {
    const inner = describe(title, () => define(running, engine));
    const siblings = inner.parent?.suites;
    siblings?.splice(siblings.indexOf(inner), 1);
    suite.addSuite(inner);
  }
}
