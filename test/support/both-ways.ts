import { createBatcher, originOf, type Batch } from '../../src/batch.js';
import { decode, type DecodeOptions, type RecognizingOptions } from '../../src/decode.js';
import type { Core } from '../../src/map/known/core.js';
import { createMapper, mapContext, type MapperOptions } from '../../src/map/mapper.js';
import type { Decoded, JsonObject, Origin } from '../../src/record.js';
import { loadMappings } from '../../src/map/list.js';
import { createValidator } from '../../src/validate.js';
import { parsedRun, passing } from './passing.js';

const options: DecodeOptions = {
  resume: { offset: 0, arrayDepth: 0 },
  seeked: false,
  final: true,
  maxEventBytes: 64 * 1024,
  maxExpandedBytes: 2 ** 40,
  rejectRawBytes: 1024,
};
const origin = { input: 'file', path: '/var/log/Müller.jsonl' };
const stream = { id: 'both', origin };
const lists = loadMappings().events;

/** What comes of some bytes, down to each byte of the bulk body. */
export interface Outcome {
  readonly pieces: readonly string[];
  /** Of all batches, with a line of hyphens between them. */
  readonly body: string;
  /** Where each document came from, as the reject store would be told, and each batch's marks. */
  readonly origins: readonly string[];
  /** How many of the events were recognized. */
  readonly recognized: number;
}

/** Makes bulk bodies of bytes, with events of known form taken as they are, and with every event parsed. */
export class BothWays {
  readonly #mapper;
  readonly #validate = createValidator();
  readonly #context;

  /** @param makeCore in place of the assembly as it is used */
  constructor(mapperOptions: MapperOptions = {}, from: Origin = origin, makeCore?: () => Core | undefined) {
    this.#context = mapContext(new Date('2026-01-02T03:04:05.678Z'), from);
    this.#mapper = createMapper(mapperOptions, loadMappings(), makeCore);
  }

  recognizing(bytes: Buffer, chunkBytes = 4096): Promise<Outcome> {
    const recognizer = this.#mapper.recognizer(this.#validate, () => this.#context);
    if (recognizer === undefined) throw new Error('this processor cannot recognize events');
    return this.#outcome(bytes, chunkBytes, { ...options, recognizer });
  }

  parsing(bytes: Buffer): Promise<Outcome> {
    return this.#outcome(bytes, bytes.length, { ...options, recognizer: undefined });
  }

  async #outcome(bytes: Buffer, chunkBytes: number, decoding: RecognizingOptions): Promise<Outcome> {
    const batcher = createBatcher({ maxBytes: 64 * 1024, maxEvents: 1000 });
    const pieces: string[] = [];
    const origins: string[] = [];
    let [body, recognized] = ['', 0];
    const write = (batch: Batch | undefined): void => {
      if (batch === undefined) return;
      body += `${batch.body.toString('latin1')}--\n`;
      for (let item = 0; item < batch.count; item++) {
        const { start, bytes: original, index, id, stream: from } = originOf(batch, item);
        origins.push([from.id, start, index, id, original.toString('latin1')].join(' '));
      }
      origins.push(JSON.stringify([...batch.marks]));
      batcher.release(batch);
    };
    for await (const some of decode(passing(chunks(bytes, chunkBytes)), decoding))
      for (const one of some) {
        if (one.kind === 'event') write(batcher.add(this.#mapper.map(one, this.#validate, this.#context), one, stream));
        if (one.kind !== 'run') {
          pieces.push(this.#told(one));
          continue;
        }
        for (let event = 0; event < one.count;) {
          const { next, closed } = batcher.addRun(one, event, () => stream);
          write(closed);
          event = next;
        }
        pieces.push(...parsedRun(one).map((event) => this.#told(event)));
        recognized += one.count;
      }
    write(batcher.take());
    return { pieces, body, origins, recognized };
  }

  /** Everything that must not depend on how the event was read, on one line. */
  #told(one: Decoded): string {
    if (one.kind === 'reject') return JSON.stringify({ ...one, raw: one.raw.toString('latin1') });
    const { text, start, end, ascii, buffer, from, to, rawText } = one;
    const { source } = this.#mapper.map(one, this.#validate, this.#context);
    const bytes = buffer.toString('latin1', from, to);
    return JSON.stringify([start, end, ascii, rawText]) + [text, bytes, source].join('\n');
  }
}

function* chunks(bytes: Buffer, length: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** The event's text as the vendor would write it: without white space, its keys in the order of their field list. */
export function asWritten(event: JsonObject): string {
  const list = lists.find(({ event: name }) => name === event['eventName']);
  const names = list?.fields.flatMap(({ vendor, aliases }) => [vendor, ...aliases]) ?? [];
  const log = event['log'];
  const isObject = typeof log === 'object' && log !== null && !Array.isArray(log);
  const inLog = names.filter((name) => name.startsWith('log.')).map((name) => name.slice(4));
  const sorted = inOrder(event, [...names, 'log']);
  return JSON.stringify(isObject ? { ...sorted, log: inOrder(log, inLog) } : sorted);
}

function inOrder(object: JsonObject, names: readonly string[]): JsonObject {
  const known = names.filter((name) => Object.hasOwn(object, name));
  const others = Object.keys(object).filter((name) => !known.includes(name));
  return Object.fromEntries([...known, ...others].map((name) => [name, object[name] ?? null]));
}
