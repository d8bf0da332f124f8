import { createHash } from 'node:crypto';
import type { CheckpointEntry } from '../checkpoint.js';
import { ConnectorError } from '../errors.js';
import type { AgeMark } from './age.js';
import type { RejectMark } from '../record.js';
import { parseJson, seal, unseal } from '../seal.js';

/** What one checkpoint file says. */
export interface Generation {
  /** The run that wrote it had ended cleanly. */
  readonly clean: boolean;
  /** Absent in files of older releases. */
  readonly age?: AgeMark;
  /** Of the reject store, when this was written or before. */
  readonly rejects?: RejectMark;
  readonly entries: Readonly<Record<string, CheckpointEntry>>;
}

const FORMAT = 'cloudconnexa-ecs checkpoint';
const VERSION = 3;

interface FileContent extends Partial<Generation> {
  readonly format?: unknown;
  readonly version?: unknown;
  readonly sha256?: unknown;
}

/** The whole content of a checkpoint file: one sealed line, `{format, version, clean, age, rejects, entries, sum}`. */
export function serialise({ clean, age, rejects, entries }: Generation): string {
  return `${seal({ format: FORMAT, version: VERSION, clean, age, rejects, entries })}\n`;
}

/**
 * The generation in a file's content; undefined when it is torn or altered.
 * Throws CCX_CHECKPOINT_VERSION for a newer version, but only if the file is whole: one that is damaged says nothing.
 */
export function parse(bytes: Buffer, place: string): Generation | undefined {
  const content = bytes.at(-1) === NEWLINE ? asContent(unseal(bytes.subarray(0, -1))) : undefined;
  if (content === undefined) return parseOld(bytes.toString('utf8'));
  const { version, clean, age, rejects, entries } = content;
  if (typeof version === 'number' && version > VERSION) throw newerVersion(version, place);
  if (version !== VERSION || clean === undefined || entries === undefined) return undefined;
  return { clean, entries, ...(age !== undefined && { age }), ...(rejects !== undefined && { rejects }) };
}

const NEWLINE = 10;

/** Versions 1 and 2, whose checksum does not cover the header. Version 1 did not say how its run ended. */
function parseOld(text: string): Generation | undefined {
  const content = asContent(parseJson(text));
  if (content?.version !== 1 && content?.version !== 2) return undefined;
  const { version, sha256, clean = false, entries = {} } = content;
  const body = JSON.stringify(version === 1 ? entries : { clean, entries });
  return sha256 === createHash('sha256').update(body).digest('hex') ? { clean, entries } : undefined;
}

function asContent(value: unknown): FileContent | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return 'format' in value && value.format === FORMAT ? value : undefined;
}

function newerVersion(version: number, place: string): ConnectorError {
  return new ConnectorError('CCX_CHECKPOINT_VERSION', `the checkpoint has version ${version}, known is ${VERSION}`, {
    place,
  });
}
