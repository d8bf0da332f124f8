import { PassThrough, Readable } from 'node:stream';
import { main } from '../../src/cli/main.js';
import { Secrets } from '../../src/config/secrets.js';
import type { Script, Scripted } from './scripted-server.js';

export const elastic = { 'x-elastic-product': 'Elasticsearch' };
export const allowed = { create_doc: true, auto_configure: true, read: true, view_index_metadata: true };
export const meta = (version: number): object => ({ _meta: { managed_by: 'cloudconnexa-ecs', version } });
export const template = (body: object): Scripted => ({
  body: { index_templates: [{ name: 'logs-cloudconnexa', index_template: body }] },
});
export const components = (mappings: number): Scripted => ({
  body: {
    component_templates: [
      { name: 'logs-cloudconnexa@mappings', component_template: meta(mappings) },
      { name: 'logs-cloudconnexa@settings', component_template: meta(3) },
    ],
  },
});
export const indices = (settings: Record<string, Record<string, string>>): Scripted => ({
  body: Object.fromEntries(Object.entries(settings).map(([name, own]) => [name, { settings: own }])),
});
export const denied = (reason = 'action [x] is unauthorized'): Scripted => ({
  status: 403,
  body: { error: { type: 'security_exception', reason } },
});
export const epoch = (offsetMs = 0): Scripted => ({
  body: [{ epoch: String(Math.floor((Date.now() + offsetMs) / 1000)) }],
});
export const privileges = (own: object): Scripted => ({
  body: { cluster: {}, index: { 'logs-cloudconnexa.*-default': own } },
});

/** An Elasticsearch with everything in order, and with all privileges to say so. */
export const healthy: Script = {
  'GET /': { headers: elastic, body: { version: { number: '9.5.3', build_flavor: 'default' } } },
  'POST /_security/user/_has_privileges': privileges(allowed),
  'GET /_index_template/logs-cloudconnexa': template(meta(1)),
  'GET /_component_template/logs-cloudconnexa@': components(3),
  'GET /logs-cloudconnexa.*-default/_settings': indices({
    '.ds-logs-cloudconnexa.flow-default-2026.11.22-000001': { 'index.blocks.write': 'true' },
    '.ds-logs-cloudconnexa.flow-default-2026.11.23-000002': {},
    '.ds-logs-cloudconnexa.audit-default-000001': {},
  }),
  'GET /_cluster/health?': { body: { status: 'green', number_of_data_nodes: 2, active_shards: 40 } },
  'GET /_cluster/settings': { body: { defaults: { cluster: { max_shards_per_node: '1000' } } } },
  'GET /_cat/health': () => epoch(),
};
export const opensearchRoot: Scripted = { body: { version: { number: '3.8.0', distribution: 'opensearch' } } };

/** Runs `test output` in this process: its exit code, and all it says. */
export async function testOutput(
  hosts: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; text: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const signal = new AbortController().signal;
  const argv = ['test', 'output', '-s', `output.hosts=${hosts.join(',')}`];
  const own = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [`CLOUDCONNEXA_ECS_OUTPUT_${name}`, value]),
  );
  const io = { stdin: Readable.from([]), stdout, stderr, env: own, signal, secrets: new Secrets() };
  const code = await main(argv, io);
  return { code, text: [stdout, stderr].map((one) => ((one.read() as Buffer | null) ?? '').toString()).join('') };
}
