import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** How to ask a secured engine: the CA it is known by (PEM) and the value of the `authorization` header. */
export interface SecureAccess {
  readonly ca: string;
  readonly authorization: string;
}

/** Resolves to true once the engine can store documents: it answers, has its cluster state and no red shard. */
async function isReady(url: string, agent: Agent, access: SecureAccess | undefined): Promise<boolean> {
  try {
    const answer = await request(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`, {
      dispatcher: agent,
      headers: access ? { authorization: access.authorization } : {},
    });
    await answer.body.dump();
    return answer.statusCode === 200;
  } catch {
    return false;
  }
}

export type Outcome = 'ready' | 'ended' | 'too_late';

/** Asks until the engine is ready, has ended by itself, or the time is over. */
export async function waitUntilReady(
  url: string,
  hasEnded: () => boolean,
  timeoutMs: number,
  access?: SecureAccess,
): Promise<Outcome> {
  const agent = new Agent({ connect: access ? { ca: access.ca } : {}, headersTimeout: 5_000 });
  const latest = Date.now() + timeoutMs;
  try {
    while (Date.now() < latest) {
      if (await isReady(url, agent, access)) return 'ready';
      if (hasEnded()) return 'ended';
      await sleep(200);
    }
    return 'too_late';
  } finally {
    await agent.close();
  }
}

/** The last lines of what the engine wrote, for the message about a failed start. */
export async function logTail(path: string, lines = 20): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
