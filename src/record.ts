/**
 * The data that flows through the stages. Stages import these types and never each other; only `run.ts` knows the order.
 */

import type { ConnectorError } from './errors.js';

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Where a stream of bytes comes from, as the documents and the reject store name it. */
export interface Origin {
  /** Kind of input, as in the config: `file`, `stdin`, … */
  readonly input: string;
  /** File path for `file`; absent for `stdin`. */
  readonly path?: string;
  /** S3 bucket and key when the bytes are an object's. */
  readonly bucket?: string;
  readonly key?: string;
}

/** A place in a stream: everything before it is finished work. */
export interface Position {
  /** Bytes of the decompressed stream. */
  readonly offset: number;
  /** How many top-level JSON arrays are open at `offset` (0, or 1 inside a `[…]` file). */
  readonly arrayDepth: number;
}

/** One event as it was found in a stream. `value` is `JSON.parse(text)`. */
export interface DecodedEvent {
  readonly kind: 'event';
  /** The event's own JSON text, without surrounding white space. Invalid UTF-8 is replaced by U+FFFD. */
  readonly text: string;
  readonly value: JsonObject;
  /** Whether `text` has ASCII characters only: then its bytes can be copied as they are. */
  readonly ascii: boolean;
  /**
   * The same bytes read as latin1, only when `text` had to replace invalid UTF-8: two events that differ in
   * broken bytes alone must still get different ids.
   */
  readonly rawText?: string;
  /**
   * The event's bytes are `buffer[from]` … `buffer[to - 1]`. The buffer is used again: they are there until the next piece of the
   * stream is decoded.
   */
  readonly buffer: Buffer;
  readonly from: number;
  readonly to: number;
  /** Byte offset of the event's first byte in the decompressed stream. */
  readonly start: number;
  /** Where reading goes on after this event. */
  readonly end: Position;
}

/**
 * Events, one behind the other, that were recognized by the form of their bytes: they are valid, and their documents were made without
 * parsing. Everything is there until the next piece of the stream is decoded. Events are numbered from 0.
 */
export interface DecodedRun {
  readonly kind: 'run';
  readonly count: number;
  /** The event's bytes are `buffer[from(event)]` … `buffer[to(event) - 1]`. */
  readonly buffer: Buffer;
  from(event: number): number;
  to(event: number): number;
  /** Byte offset of `buffer[0]` in the decompressed stream. */
  readonly start: number;
  /** The lines of a bulk request: action and document of each event. */
  readonly lines: Buffer;
  /** Index in `lines` behind an event's own; 0 for the number -1. */
  lineEnd(event: number): number;
  /** Of the event, in milliseconds since 1970. */
  time(event: number): number;
  /** Where reading goes on behind the last one. */
  readonly end: Position;
}

/** `more`: the bytes may end before the event does. Undefined: it takes parsing to tell. */
export type Recognition = DecodedRun | 'more' | undefined;

/** The bytes of a stream that are at hand. */
export interface BytesAtHand {
  readonly bytes: Buffer;
  /** Offset of `bytes[0]` in the stream. */
  readonly base: number;
  /** Offset behind the last byte. */
  readonly end: number;
}

/** Recognizes events of one stream by the form of their bytes: never wrong, and of no use for other forms. */
export interface Recognizer {
  /** At each chunk, and behind the last: what was given out before is not asked for any more, and buffers may have other content. */
  forget(): void;
  /**
   * @param at offset of a `{`
   * @param maxEventBytes the most that an event may have
   */
  recognize(hand: BytesAtHand, at: number, arrayDepth: number, maxEventBytes: number): Recognition;
}

export type RejectReason =
  | 'invalid_json'
  | 'not_an_object'
  | 'truncated'
  | 'too_large'
  | 'gzip_error'
  | 'expansion_limit'
  | 'read_error'
  | 'refused_by_engine';

/** A piece of a stream that is not an event. */
export interface DecodedReject {
  readonly kind: 'reject';
  readonly reason: RejectReason;
  /** One sentence for a person: what is wrong, and where inside the piece. */
  readonly detail: string;
  /** The piece's bytes, cut to the store's limit; `length` is the full size. */
  readonly raw: Buffer;
  readonly length: number;
  readonly start: number;
  readonly end: Position;
}

export type Decoded = DecodedEvent | DecodedReject;

/** A piece of a stream whose events may have been recognized. */
export type DecodedPiece = Decoded | DecodedRun;

/** A document ready to be sent: `source` is its JSON text on one line. */
export interface MappedEvent {
  /** Data stream name, `logs-cloudconnexa.<dataset>-<namespace>`. */
  readonly index: string;
  readonly id: string;
  readonly source: string;
  /** Whether `source` is known to have ASCII characters only. */
  readonly ascii: boolean;
}

/** A stream of bytes to read, with the place to start at and the way to say how far it is finished. */
export interface InputStream {
  /** Stable identity of the stream: the key of its checkpoint. */
  readonly id: string;
  readonly origin: Origin;
  /** Finished part according to the checkpoint; decoding skips to it. */
  readonly resume: Position;
  /**
   * The raw bytes from the very start (possibly gzip), or from `resume.offset` when `seeked`. Must not end early, which
   * would look like a cut-off event: after a stop it throws the signal's reason, and when it cannot go on a ConnectorError.
   * A chunk is not changed before the one after the next is asked for.
   */
  readonly bytes: AsyncIterable<Buffer>;
  readonly seeked: boolean;
  /** False while the stream may still grow: an unfinished last event is then left for later, not rejected. */
  readonly final: boolean;
  /**
   * Events of the stream may be stored already, by a run that could not say so: a redelivered message, a restart after a
   * crash. Should the data stream have rolled over since, their ids alone do not protect them from being there twice.
   * May become true while the stream is read, and after that, until its end is acknowledged.
   */
  readonly mayBeStored?: boolean;
  /** When `bytes` throws, its source logs that, reads it again by itself, and says so at its end if that never helped. */
  readonly retried?: boolean;
}

/**
 * How a run has come to its end: `failed` by something that the next one may well meet, too, such as a full disk; otherwise
 * because there was nothing more to do, or it was told to.
 */
export type RunEnd = 'ended' | 'failed';

/** Where events come from. Each input of the config is one source. */
export interface Source {
  /** How many of its streams are read side by side; one when absent. */
  readonly parallel?: number;
  /** Streams in the order in which they are to be read; ends when the source is exhausted or `signal` fires. */
  streams(signal: AbortSignal): AsyncIterable<InputStream>;
  /** What keeps it from getting on just now, and is tried again by itself. */
  readonly fault?: ConnectorError | undefined;
  /** Says that everything of the stream up to `position` is stored or durably rejected. `done`: its end was reached. */
  ack(streamId: string, position: Position, done: boolean): Promise<void>;
  /** `ended` when not told. */
  close(end?: RunEnd): Promise<void>;
}

/** How much of the reject store was on disk at some time: `bytes` of the file that its first line calls `file`. */
export interface RejectMark {
  readonly file: string;
  readonly bytes: number;
}

/** What the reject store keeps of one rejected piece: one JSON line. */
export interface RejectRecord {
  /** Stable: the same piece of the same origin gets the same id, so that a crash in between doesn't count twice. */
  readonly id: string;
  /** ISO 8601 time of rejection. */
  readonly time: string;
  readonly reason: RejectReason;
  readonly detail: string;
  readonly origin: Origin;
  /** Byte offset in the decompressed stream. */
  readonly position: number;
  /** The vendor event's text (UTF-8), when the piece was an event or readable text; else `raw_base64`. */
  readonly event?: string;
  readonly raw_base64?: string;
  /** Full size in bytes of the piece; larger than what is kept only for `too_large`, `gzip_error` and `expansion_limit`. */
  readonly length: number;
  /** For `refused_by_engine`: HTTP status, error type, target and id. */
  readonly status?: number;
  readonly error_type?: string;
  readonly index?: string;
  readonly document_id?: string;
}
