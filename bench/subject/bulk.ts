import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { Pool } from 'undici';

/** What a subject is told on its command line, as JSON. */
export interface Job {
  readonly url: string;
  /** All files in it are read. */
  readonly folder: string;
  /** In all the files. */
  readonly events: number;
  readonly gzip: boolean;
  /** The connector's own limits: the same bytes in a request, as many requests under way. */
  readonly maxBytes: number;
  readonly inFlight: number;
}

const ACTION = '{"create":{"_index":"logs-cloudconnexa.flow-default"}}\n';
const compress = promisify(gzip);

export function readJob(): Job {
  return JSON.parse(process.argv[2] ?? '') as Job;
}

/** Collects documents into bulk requests and sends them: as little as can be, by undici directly. */
export class Bulk {
  readonly #job: Job;
  readonly #pool: Pool;
  readonly #inFlight = new Set<Promise<void>>();
  #parts: string[] = [];
  #bytes = 0;

  constructor(job: Job) {
    this.#job = job;
    this.#pool = new Pool(job.url, { connections: job.inFlight });
  }

  /** Asks who is there, as the connector does, so that what an HTTP client does once is not counted for some only. */
  async ready(): Promise<void> {
    const { body } = await this.#pool.request({ method: 'GET', path: '/' });
    await body.dump();
  }

  /** @returns what is to be awaited before the next one, if anything is. */
  add(document: string): Promise<void> | undefined {
    this.#parts.push(ACTION, document, '\n');
    this.#bytes += ACTION.length + document.length + 1;
    if (this.#bytes < this.#job.maxBytes) return undefined;
    const body = this.#parts.join('');
    this.#parts = [];
    this.#bytes = 0;
    return this.send(body);
  }

  /** Resolves when there is room for another request. */
  async send(body: string | Buffer): Promise<void> {
    const sent = this.#request(body).finally(() => this.#inFlight.delete(sent));
    this.#inFlight.add(sent);
    if (this.#inFlight.size >= this.#job.inFlight) await Promise.race(this.#inFlight);
  }

  async end(): Promise<void> {
    if (this.#parts.length > 0) await this.send(this.#parts.join(''));
    await Promise.all(this.#inFlight);
    await this.#pool.close();
  }

  async #request(text: string | Buffer): Promise<void> {
    const body = this.#job.gzip && typeof text === 'string' ? await packed(text) : text;
    const answer = await this.#pool.request({
      method: 'POST',
      path: '/_bulk?filter_path=errors,items.*.error',
      headers: { 'content-type': 'application/x-ndjson', ...(this.#job.gzip && { 'content-encoding': 'gzip' }) },
      body,
    });
    const { errors } = (await answer.body.json()) as { errors: boolean };
    if (answer.statusCode !== 200 || errors) throw new Error(`the sink answered ${answer.statusCode}`);
  }
}

function packed(text: string): Promise<Buffer> {
  return compress(text, { level: constants.Z_BEST_SPEED });
}
