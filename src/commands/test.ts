import { errors, type Client } from '@elastic/elasticsearch';
import type { Config } from '../config.js';
import { configError } from '../config/fault.js';
import { inputName } from '../input-account.js';
import { createClient } from '../target/client.js';
import { detectCapabilities } from '../target/detect.js';
import { explainFailure } from '../target/explain.js';
import { shippingPrivileges } from '../target/privileges.js';
import type { ConfigContext } from './context.js';

/**
 * Checks all settings and says what was read.
 * @throws ConnectorError CCX_CONFIG_INVALID that lists every fault.
 */
export async function testConfigCommand(
  context: Pick<ConfigContext, 'resolveConfig' | 'stdout' | 'redact'>,
): Promise<number> {
  const { config, faults, file } = await context.resolveConfig();
  if (!config) throw configError(faults, file);
  const inputs = config.inputs.map(inputName);
  const lines = [
    `OK: ${file}, environment and --set are valid`,
    `  output: ${config.output.hosts.join(', ')} (engine ${config.output.engine}), ${login(config)}`,
    `  inputs: ${inputs.join('; ') || 'none (run needs at least one)'}`,
    `  data_dir: ${config.data_dir}`,
  ];
  context.stdout.write(context.redact(`${lines.join('\n')}\n`));
  return 0;
}

function login({ output }: Config): string {
  if (output.api_key !== undefined) return 'login by API key';
  if (output.bearer_token !== undefined) return 'login by token';
  if (output.aws?.service !== undefined) return `requests signed for AWS (${output.aws.service})`;
  return output.username === undefined ? 'no login' : `login as ${output.username}`;
}

type TestContext = Pick<ConfigContext, 'loadConfig' | 'stdout' | 'redact' | 'signal'>;

/**
 * Connects to each host and says what runs there and whether events could be shipped, or what is wrong and what to do.
 * @returns 0 when every host works and no privilege for shipping is known to be missing, otherwise 1.
 */
export async function testOutputCommand(context: TestContext): Promise<number> {
  const { output } = await context.loadConfig();
  let failed = 0;
  for (const host of output.hosts) {
    const passed = await testHost({ ...output, hosts: [host] }, host, context);
    if (!passed) failed += 1;
  }
  return failed === 0 ? 0 : 1;
}

async function testHost(
  output: Config['output'],
  host: string,
  { stdout, redact, signal }: TestContext,
): Promise<boolean> {
  const client = createClient(output);
  try {
    await knock(client, signal);
    const { engine, version, flavor } = await detectCapabilities(client, { engine: output.engine, only: [] });
    const secure = host.startsWith('https:') ? 'TLS, certificate trusted' : 'plain http, not encrypted';
    stdout.write(
      `ok      ${host}: ${[engine, version, flavor && `(${flavor})`].filter(Boolean).join(' ')}, ${secure}\n`,
    );
    const privileges = await shippingPrivileges(client, engine, output.namespace);
    const label = privileges.missing ? 'missing' : privileges.known ? 'ok     ' : 'unknown';
    stdout.write(`${label} ${privileges.text}\n`);
    return !privileges.missing;
  } catch (error) {
    if (signal.aborted) return false;
    const { code, message, remedy } = explainFailure(error, host);
    // The message may repeat what the server said, and a server may repeat what it was sent.
    stdout.write(redact(`failed  ${host}: ${code}: ${message}\n        fix: ${remedy}\n`));
    return false;
  } finally {
    await client.close();
  }
}

/** One plain request, so that its failure reaches the explanation as it is. */
async function knock(client: Client, signal: AbortSignal): Promise<void> {
  try {
    await client.transport.request({ method: 'GET', path: '/' }, { signal });
  } catch (error) {
    const status = error instanceof errors.ResponseError ? (error.statusCode ?? 0) : 0;
    // A shipping user may not ask `GET /`, and minimal builds do not have it: what runs there shows otherwise.
    if (status >= 400 && status < 500 && status !== 401 && status !== 429) return;
    throw error;
  }
}
