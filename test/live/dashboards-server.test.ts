import type { Suite } from 'mocha';
import type { SavedObject } from '../../src/dashboards/saved-object.js';
import type { Config } from '../../src/config.js';
import { createFrontEnd, type FrontEnd } from '../../src/install/front-end/client.js';
import {
  deleteObject,
  exportObjects,
  importObjects,
  keyOf,
  type ObjectRef,
} from '../../src/install/front-end/saved-objects.js';
import { withCluster } from '../../src/install/session.js';
import { commandsOn } from '../support/front-end-commands.js';
import { frontEndTests } from '../support/front-end-suite.js';
import { contextFor } from '../unit/install/cluster.js';

/** Kibana or OpenSearch Dashboards, with its base path, and the cluster behind it. Our objects in it are removed. */
const { DASHBOARDS_URL: url, DASHBOARDS_CLUSTER_URL: cluster } = process.env;

/** Under CI, too: no such server is published where tests may fetch it, and its counterpart runs the same tests. */
const reason = '[skipped: DASHBOARDS_URL and DASHBOARDS_CLUSTER_URL name no server to test with]';

function serverTests(this: Suite, server: { readonly url: string; readonly cluster: string }): void {
  this.timeout(120_000);
  const run = commandsOn(server.cluster, 'dashboards', { dashboards: { url: server.url } });
  let client: FrontEnd;
  let refs: readonly ObjectRef[];

  before(async () => {
    const config = await contextFor(server.cluster, { dashboards: { url: server.url } }).context.loadConfig();
    client = await connect(config);
    const { items } = await run('setup', { dryRun: true, force: true });
    refs = items.map(({ id }) => ({ type: id.slice(0, id.indexOf(':')), id: id.slice(id.indexOf(':') + 1) }));
  });
  beforeEach(clear);
  after(clear);
  after(() => client.close());

  async function clear(): Promise<void> {
    await Promise.all((await present(refs)).map((ref) => deleteObject(client, ref)));
  }

  async function present(of: readonly ObjectRef[]): Promise<readonly SavedObject[]> {
    const exported = await exportObjects(client, of);
    if (exported.denied) throw new Error(exported.reason);
    return exported.objects;
  }

  frontEndTests(() => ({
    run,
    edit: async (key, change) => {
      const found = await present(refs.filter((ref) => keyOf(ref) === key));
      const edited = found.map((object) => ({ ...object, attributes: change(object.attributes) }));
      await importObjects(client, edited, true);
    },
    stored: async () => (await present(refs)).map(keyOf),
  }));
}

function connect(config: Config): Promise<FrontEnd> {
  return withCluster(config, ({ target }) => Promise.resolve(createFrontEnd(config, target.engine)));
}

if (url !== undefined && cluster !== undefined) {
  describe(`dashboards in the server at ${url}`, function () {
    serverTests.call(this, { url, cluster });
  });
} else {
  describe(`dashboards in a real Kibana or OpenSearch Dashboards ${reason}`, () => {
    it('are installed, kept, updated and removed as in its counterpart');
  });
}
