import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request as forward } from 'undici';
import {
  give,
  isEarly,
  plainBody,
  refusal,
  serve,
  serveEarly,
  type Exchange,
  type Passed,
  type ProxyFault,
} from './proxy-faults.js';

export type { ProxyFault } from './proxy-faults.js';

export interface FaultProxyOptions {
  /** URL of the server behind. */
  readonly target: string;
  /** Each step serves one bulk request, in order; after them all pass. */
  readonly script?: readonly ProxyFault[];
  /** Larger bodies, uncompressed, get 413. */
  readonly maxBytes?: number;
  /** Called with the number of each bulk request, 1 for the first, before anything is done with it. */
  readonly onBulk?: (number: number) => unknown;
  /** Which requests count as bulk requests; those to /_bulk when left out. */
  readonly isBulk?: (request: IncomingMessage) => boolean;
}

export interface FaultProxy {
  readonly url: string;
  /** Requests of any kind that have come. */
  readonly asked: () => number;
  /** Bulk requests seen. */
  readonly seen: () => number;
  /** Times of the bulk requests, in milliseconds since 1970. */
  readonly times: readonly number[];
  /** When the last bulk request came that was passed on and whose answer was given whole, in milliseconds since 1970; 0 for none. */
  readonly goodMs: () => number;
  /**
   * Puts a fault behind the script, for the next bulk request that is one of those meant; any when left out.
   * True when a request has met it; false after `withinMs` without one: then it is taken back.
   */
  meet(fault: ProxyFault, withinMs: number, isMeant?: (request: IncomingMessage) => boolean): Promise<boolean>;
  /** Does it to every request of any kind, up to the end. */
  stand(fault: ProxyFault): StandingFault;
  /** Nothing listens any more, up to the call of what is returned: connections there are end, new ones are refused. */
  refuse(): Promise<() => Promise<void>>;
  /** Larger bodies, uncompressed, get 413 from now on; undefined for any size. */
  limit(maxBytes: number | undefined): void;
  /** Bulk requests that were too large. */
  readonly tooLarge: () => number;
  /** Does the work while no request is behind the proxy; those that come meanwhile wait. */
  between<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface StandingFault {
  /** How many requests have met it. */
  readonly hits: () => number;
  readonly end: () => void;
}

interface Step {
  readonly fault: ProxyFault;
  readonly isMeant: (request: IncomingMessage) => boolean;
  readonly met: () => void;
}

/** Starts a proxy on 127.0.0.1 that passes everything on but bulk requests as the script says. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new Proxy(options);
  await proxy.listen();
  return proxy;
}

class Proxy implements FaultProxy {
  readonly times: number[] = [];
  readonly #options: FaultProxyOptions;
  readonly #agent = new Agent();
  readonly #script: Step[];
  readonly #gate = new Gate();
  readonly #isBulk: (request: IncomingMessage) => boolean;
  readonly #server = createServer((request, response) => this.#take(request, response));
  #maxBytes: number | undefined;
  #standing: { readonly fault: ProxyFault; hits: number } | undefined;
  #goodMs = 0;
  #tooLarge = 0;
  #asked = 0;

  constructor(options: FaultProxyOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes;
    this.#script = (options.script ?? []).map((fault) => ({ fault, isMeant: () => true, met: () => undefined }));
    this.#isBulk = options.isBulk ?? ((request) => request.url?.startsWith('/_bulk') === true);
  }

  /** @param port any free one when left out. Rejects when another process has it. */
  async listen(port = 0): Promise<void> {
    const listening = once(this.#server, 'listening');
    this.#server.listen(port, '127.0.0.1');
    await listening;
  }

  async refuse(): Promise<() => Promise<void>> {
    const { port } = this.#server.address() as AddressInfo;
    await this.#end();
    return () => this.listen(port);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  asked = (): number => this.#asked;
  seen = (): number => this.times.length;
  goodMs = (): number => this.#goodMs;
  tooLarge = (): number => this.#tooLarge;

  meet(fault: ProxyFault, withinMs: number, isMeant: Step['isMeant'] = () => true): Promise<boolean> {
    return new Promise((resolve) => {
      const step = { fault, isMeant, met: () => settle(true) };
      const settle = (met: boolean): void => {
        clearTimeout(timer);
        if (!met) this.#script.splice(this.#script.indexOf(step), 1);
        resolve(met);
      };
      const timer = setTimeout(() => settle(false), withinMs);
      this.#script.push(step);
    });
  }

  stand(fault: ProxyFault): StandingFault {
    const standing = { fault, hits: 0 };
    this.#standing = standing;
    const end = (): void => {
      if (this.#standing === standing) this.#standing = undefined;
    };
    return { hits: () => standing.hits, end };
  }

  limit(maxBytes: number | undefined): void {
    this.#maxBytes = maxBytes;
  }

  between<T>(work: () => Promise<T>): Promise<T> {
    return this.#gate.alone(work);
  }

  async close(): Promise<void> {
    await this.#end();
    await this.#agent.close();
  }

  async #end(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    this.#asked += 1;
    const next = this.#script.find(({ isMeant }) => isMeant(request));
    if (this.#standing === undefined && next && isEarly(next.fault) && this.#isBulk(request)) {
      this.times.push(Date.now());
      return serveEarly(this.#step(request), request);
    }
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('error', () => undefined);
    // The engine is down, or the client has gone: a proxy has no words for that.
    request.on('end', () => {
      this.#handle(request, response, Buffer.concat(parts)).catch(() => response.destroy());
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse, raw: Buffer): Promise<void> {
    const isBulk = this.#isBulk(request);
    const cameMs = Date.now();
    if (isBulk) {
      this.times.push(cameMs);
      await this.#options.onBulk?.(this.times.length);
    }
    const passOn: Exchange['passOn'] = (body, times = 1) =>
      this.#gate.beside(async () => {
        for (let first = times; first > 1; first -= 1) await this.#pass(request, body);
        return this.#pass(request, body);
      });
    const exchange: Exchange = { request, response, raw, passOn };
    if (this.#standing !== undefined) {
      this.#standing.hits += 1;
      return serve(this.#standing.fault, exchange);
    }
    if (!isBulk) return give(response, await passOn(raw));
    if (this.#maxBytes !== undefined && plainBody(request, raw).length > this.#maxBytes) {
      this.#tooLarge += 1;
      return give(response, refusal(413));
    }
    const fault = this.#step(request);
    await serve(fault, exchange);
    if (fault.kind === 'pass' && response.statusCode < 300) this.#goodMs = cameMs;
  }

  /** What is done to this request: the first step that is meant for it. */
  #step(request: IncomingMessage): ProxyFault {
    const at = this.#script.findIndex(({ isMeant }) => isMeant(request));
    const [step] = at < 0 ? [] : this.#script.splice(at, 1);
    step?.met();
    return step?.fault ?? { kind: 'pass' };
  }

  /** A body that a fault has changed comes unpacked. */
  async #pass(request: IncomingMessage, body: Buffer): Promise<Passed> {
    const isPacked = body[0] === 0x1f && body[1] === 0x8b;
    const sent = Object.entries(request.headers).filter(
      ([name]) => !ofTheConnection.has(name) && (isPacked || name !== 'content-encoding'),
    );
    const answer = await forward(this.#options.target + (request.url ?? '/'), {
      dispatcher: this.#agent,
      method: (request.method ?? 'GET') as 'GET',
      headers: Object.fromEntries(sent),
      body: body.length === 0 ? null : body,
    });
    const got = Object.entries(answer.headers).filter(([name]) => !ofTheConnection.has(name));
    const headers = Object.fromEntries(got) as Record<string, string | string[]>;
    return { status: answer.statusCode, headers, body: Buffer.from(await answer.body.arrayBuffer()) };
  }
}

/** What belongs to one connection, or is worked out anew for the next one. */
const ofTheConnection = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'expect']);

/** Work that may go on side by side, and work that wants to be alone. */
class Gate {
  readonly #under = new Set<Promise<unknown>>();
  #alone: Promise<unknown> | undefined;

  async beside<T>(work: () => Promise<T>): Promise<T> {
    while (this.#alone) await this.#alone;
    const under = work();
    const over = under.then(ignore, ignore);
    this.#under.add(over);
    try {
      return await under;
    } finally {
      this.#under.delete(over);
    }
  }

  async alone<T>(work: () => Promise<T>): Promise<T> {
    while (this.#alone) await this.#alone;
    const all = [...this.#under];
    const done = Promise.all(all).then(work);
    this.#alone = done.then(ignore, ignore);
    try {
      return await done;
    } finally {
      this.#alone = undefined;
    }
  }
}

function ignore(): void {
  // What became of it is told to who began it.
}
