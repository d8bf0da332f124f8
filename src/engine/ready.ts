import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** How to ask a secured engine: the CA it is known by (PEM) and the value of the `authorization` header. */
export interface SecureAccess {
  readonly ca: string;
  readonly authorization: string;
}

/** Undefined once the engine can store documents: it answers, has its cluster state and no red shard. Else what is in the way. */
async function obstacle(url: string, agent: Agent, access: SecureAccess | undefined): Promise<string | undefined> {
  try {
    const answer = await request(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`, {
      dispatcher: agent,
      headers: access ? { authorization: access.authorization } : {},
    });
    await answer.body.dump();
    return answer.statusCode === 200 ? undefined : `it answered ${answer.statusCode}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export type Outcome = { readonly state: 'ready' | 'ended' } | { readonly state: 'too_late'; readonly last: string };

async function ask(url: string, agent: Agent, hasEnded: () => boolean, options: WaitOptions): Promise<Outcome> {
  const latest = Date.now() + options.timeoutMs;
  for (;;) {
    const last = await obstacle(url, agent, options.access);
    if (last === undefined) return { state: 'ready' };
    if (hasEnded()) return { state: 'ended' };
    if (Date.now() > latest) return { state: 'too_late', last };
    await sleep(200);
  }
}

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly access?: SecureAccess | undefined;
}

/** Asks until the engine is ready, has ended by itself, or the time is over. */
export async function waitUntilReady(url: string, hasEnded: () => boolean, options: WaitOptions): Promise<Outcome> {
  const ca = options.access?.ca;
  const agent = new Agent({ connect: ca === undefined ? {} : { ca }, headersTimeout: 5_000 });
  try {
    return await ask(url, agent, hasEnded, options);
  } finally {
    await agent.close();
  }
}

/** The last lines of what the engine wrote, without the frames of stack traces, for the message about a failed start. */
export async function logTail(path: string, lines = 20): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const telling = text.split('\n').filter((line) => !/^\s+at |^\s*$|^\s*\.\.\. \d+ more/.test(line));
  return telling.slice(-lines).join('\n');
}
