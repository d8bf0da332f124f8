import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import type { Config } from '../config.js';
import { decode } from '../decode.js';
import { ConnectorError } from '../errors.js';
import { loadMappings } from '../map/list.js';
import { createMapper, mapContext } from '../map/mapper.js';
import { printableJson } from '../printable.js';
import type { Decoded, DecodedReject, MappedEvent, Origin } from '../record.js';
import { createValidator } from '../validate.js';
import type { CommandContext } from './context.js';

export interface MapOptions {
  /** Wrap each document as `{"_index":…,"_id":…,"_source":…}`. */
  readonly withId: boolean;
}

const STDIN = '-';

/**
 * Prints one ECS document a line, in the order of the events; needs no cluster. What cannot be decoded goes to stderr as
 * one JSON object a line with `reason`, `detail`, `position` (byte offset in the decompressed data), `length` and `path`.
 *
 * @param files paths; none, or `-`, is stdin
 * @returns 0, or 3 when something was rejected
 * @throws ConnectorError CCX_INPUT_NOT_FOUND, CCX_INPUT_UNREADABLE behind the documents of the other files
 */
export async function mapCommand(
  files: readonly string[],
  { withId }: MapOptions,
  context: CommandContext,
): Promise<number> {
  const config = await context.loadConfig();
  const { namespace } = config.output;
  const lists = loadMappings();
  const mapper = createMapper({ namespace, internalNetworks: config.mapping.internal_networks }, lists);
  const validate = createValidator(lists);
  const isTerminal = 'isTTY' in context.stdout && context.stdout.isTTY === true;
  let rejected = 0;
  let unread: unknown;
  for (const file of files.length === 0 ? [STDIN] : files) {
    try {
      rejected += await mapFile(file);
    } catch (error) {
      // A file that cannot be read costs itself only; the failure is told at the end.
      if (!(error instanceof ConnectorError)) throw error;
      unread ??= error;
    }
  }
  if (unread !== undefined) throw unread as ConnectorError;
  return rejected === 0 ? 0 : 3;

  /** @returns how much of the file was rejected */
  async function mapFile(file: string): Promise<number> {
    const { bytes, origin } = open(file, context);
    let count = 0;
    for await (const found of readEvents(file, bytes, config)) {
      const mapping = mapContext(new Date(), origin);
      const lines: string[] = [];
      for (const item of found) {
        if (item.kind === 'event') {
          lines.push(line(mapper.map(item, validate, mapping), withId));
        } else {
          count += 1;
          context.stderr.write(rejectLine(item, file));
        }
      }
      const text = lines.join('');
      // Files and pipes get documents as they are; on a terminal nothing of an event may steer it.
      await write(context.stdout, isTerminal ? printableJson(text) : text);
      if (context.signal.aborted) break;
    }
    return count;
  }
}

function open(file: string, { stdin }: CommandContext): { bytes: AsyncIterable<Buffer>; origin: Origin } {
  if (file === STDIN) return { bytes: stdin as AsyncIterable<Buffer>, origin: { input: 'stdin' } };
  return { bytes: createReadStream(file), origin: { input: 'file', path: resolve(file) } };
}

async function* readEvents(file: string, bytes: AsyncIterable<Buffer>, { limits }: Config): AsyncGenerator<Decoded[]> {
  try {
    yield* decode(bytes, {
      resume: { offset: 0, arrayDepth: 0 },
      seeked: true,
      final: true,
      maxEventBytes: limits.max_event_bytes,
      maxExpandedBytes: limits.max_expanded_bytes,
      rejectRawBytes: 0,
    });
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const code = missing ? 'CCX_INPUT_NOT_FOUND' : 'CCX_INPUT_UNREADABLE';
    throw new ConnectorError(code, missing ? 'does not exist' : `cannot be read: ${String(cause)}`, {
      place: file,
      cause,
    });
  }
}

function line({ index, id, source }: MappedEvent, withId: boolean): string {
  if (!withId) return `${source}\n`;
  return `{"_index":${JSON.stringify(index)},"_id":${JSON.stringify(id)},"_source":${source}}\n`;
}

function rejectLine({ reason, detail, start, length }: DecodedReject, path: string): string {
  return `${printableJson(JSON.stringify({ reason, detail, position: start, length, path }))}\n`;
}

/** Waits for a slow reader: what it has not taken must not pile up in memory. */
async function write(stream: Writable, text: string): Promise<void> {
  if (text !== '' && !stream.write(text)) await once(stream, 'drain');
}
