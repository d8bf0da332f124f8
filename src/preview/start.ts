import type { OutputConfig } from '../config.js';
import { loadDashboards } from '../dashboards/load.js';
import type { Dashboards } from '../dashboards/spec.js';
import type { Logger } from '../log.js';
import { targetFields, type FieldType } from '../map/fields.js';
import { packageJson } from '../package-root.js';
import type { Where } from '../query/where.js';
import { loadRules } from '../rules/load.js';
import { runRule } from '../rules/run.js';
import type { Rule } from '../rules/spec.js';
import { createClient } from '../target/client.js';
import { searchEngine } from './engine.js';
import { builtPage, readPage } from './page-files.js';
import type { FieldTypes } from './parameters.js';
import { listen } from './server.js';

export interface PreviewOptions {
  /** The cluster, and the namespace whose events are shown. */
  readonly output: OutputConfig;
  /** On 127.0.0.1; 0 takes any that is free. */
  readonly port: number;
  readonly log: Logger;
  /** Takes the configuration's secrets out of a text. */
  readonly redact?: (text: string) => string;
  /** In place of the package's own. */
  readonly specs?: Dashboards;
  readonly rules?: readonly Rule[];
  /** Folder of the built page. */
  readonly page?: string;
}

export interface Preview {
  /** Of the page, with the key; whatever follows it needs no cookie: `${url}api/specs`. */
  readonly url: string;
  /** Ends at once, also what is under way. */
  close(): Promise<void>;
}

/**
 * Serves the dashboards and rules as a page on this machine, drawn from the cluster. Only reads; a cluster that does not answer is told in
 * the page.
 * @throws ConnectorError CCX_PREVIEW_PORT, and CCX_OUTPUT_HOST, CCX_CREDENTIAL_FORMAT, CCX_CA_FILE as `createClient` does
 */
export async function startPreview(options: PreviewOptions): Promise<Preview> {
  const { output, port, log, redact = (text) => text, specs = loadDashboards(), rules = loadRules() } = options;
  const page = await readPage(options.page ?? builtPage);
  const streams = `logs-cloudconnexa.*-${output.namespace}`;
  const client = createClient(output);
  const sources = {
    ...{ specs, rules, streams, types: fieldTypes(), engine: searchEngine(client, streams) },
    version: (packageJson('package.json') as { version: string }).version,
    findings: (rule: Rule, period: { readonly from: Date; readonly to: Date }, where: Where, signal: AbortSignal) =>
      runRule(client, rule, { kind: 'period', ...period }, { pattern: streams, where, signal }),
  };
  try {
    const { url, server } = await listen({ sources, page, port, redact, log });
    return {
      url,
      async close() {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        await closed;
        await client.close();
      },
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

const filterable: readonly FieldType[] = ['keyword', 'constant_keyword', 'ip', 'long', 'boolean'];

function fieldTypes(): FieldTypes {
  return new Map(
    targetFields()
      .filter(({ type }) => filterable.includes(type))
      .map(({ name, type }) => [name, type]),
  );
}
