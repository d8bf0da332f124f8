import { errors, type Client } from '@elastic/elasticsearch';
import { checks } from '../check/index.js';
import type { CheckResult } from '../check/check.js';
import { systemClock } from '../clock.js';
import type { Config } from '../config.js';
import { oneLine } from '../printable.js';
import type { Target } from '../target/capability.js';
import { createClient } from '../target/client.js';
import { detectCapabilities } from '../target/detect.js';
import { explainFailure } from '../target/explain.js';
import type { ConfigContext } from './context.js';

type TestContext = Pick<ConfigContext, 'loadConfig' | 'stdout' | 'redact' | 'signal'>;

/**
 * Connects to each host and says what runs there, whether events could be shipped now, or what is wrong and what to do.
 * Changes nothing on the cluster.
 * @returns 0 when every host works and no check failed, otherwise 1.
 * @throws ConnectorError CCX_CONFIG_INVALID
 */
export async function testOutputCommand(context: TestContext): Promise<number> {
  const { output } = await context.loadConfig();
  let passed = true;
  for (const host of output.hosts) {
    passed = (await testHost({ ...output, hosts: [host] }, host, context)) && passed;
  }
  return passed && !context.signal.aborted ? 0 : 1;
}

async function testHost(output: Config['output'], host: string, context: TestContext): Promise<boolean> {
  const { signal } = context;
  const client = createClient(output);
  let passed = true;
  const tell = (subject: string, result: CheckResult): void => {
    passed &&= result.level !== 'failed' && result.level !== 'missing';
    // The text may repeat what the server said, and a server may repeat what it was sent.
    const told = lines(subject, result).map((line) => oneLine(context.redact(line)));
    context.stdout.write(`${told.join('\n')}\n`);
  };
  try {
    const target = await connect(client, output, signal);
    tell(host, { level: 'ok', text: described(host, target) });
    const about = { client, engine: target.engine, namespace: output.namespace, clock: systemClock };
    for (const check of checks) if (!signal.aborted) tell(check.subject, await check.look(about));
  } catch (error) {
    if (!signal.aborted) tell(host, failed(error, host, output));
  } finally {
    await client.close();
  }
  return passed;
}

async function connect(client: Client, output: Config['output'], signal: AbortSignal): Promise<Target> {
  await knock(client, signal);
  return detectCapabilities(client, { engine: output.engine, only: [] });
}

/** One plain request, so that its failure reaches the explanation as it is. */
async function knock(client: Client, signal: AbortSignal): Promise<void> {
  try {
    await client.transport.request({ method: 'GET', path: '/' }, { signal });
  } catch (error) {
    const status = error instanceof errors.ResponseError ? (error.statusCode ?? 0) : 0;
    // A shipping user may not ask `GET /`, and minimal builds do not have it: what runs there shows otherwise. Who refuses
    // credentials shows in the headers, which the client's errors lack.
    if (status >= 400 && status < 500 && status !== 407 && status !== 429) return;
    throw error;
  }
}

function described(host: string, { engine, version, flavor }: Target): string {
  const secure = host.startsWith('https:') ? 'TLS, certificate trusted' : 'plain http, not encrypted';
  return `${[engine, version, flavor && `(${flavor})`].filter(Boolean).join(' ')}, ${secure}`;
}

function failed(error: unknown, host: string, output: Config['output']): CheckResult {
  const { code, message, remedy } = explainFailure(error, host, output);
  return { level: 'failed', code, text: message, remedy };
}

/** `ok      subject: text`, and for trouble its code and, below, what to do. */
function lines(subject: string, result: CheckResult): string[] {
  const { level, text } = result;
  const start = `${level.padEnd(7)} ${subject}: `;
  if (!('code' in result)) return [`${start}${text}`];
  return [`${start}${result.code}: ${text}`, `        fix: ${result.remedy}`];
}
