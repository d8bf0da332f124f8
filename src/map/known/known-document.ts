import type { MappedEvent } from '../../record.js';
import type { MapContext } from '../mapper.js';
import type { KnownEvent } from './known-list.js';

/** Larger events are parsed. */
export const MAX_EVENT_BYTES = 16 * 1024;
/**
 * Room for any document of such an event: each of its members, of which a list has less than 150, is made of values that stand in
 * the event, and of words.
 */
const MAX_DOCUMENT_BYTES = 256 * MAX_EVENT_BYTES;

let target: Buffer = Buffer.alloc(0);
let view: DataView = new DataView(target.buffer);

/** The document of an event of known form, put together from bytes where it is to stand. */
export class KnownDocument implements MappedEvent {
  readonly index: string;
  readonly id: string;
  readonly ascii = false;
  readonly #event: KnownEvent;
  readonly #context: MapContext;

  constructor(event: KnownEvent, context: MapContext) {
    this.index = event.list.index;
    this.id = event.id;
    this.#event = event;
    this.#context = context;
  }

  writeTo(buffer: Buffer, at: number): number {
    if (buffer !== target) {
      target = buffer;
      view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    }
    const { list, source, parts } = this.#event;
    const { readAtBytes, originBytes } = this.#context;
    try {
      return list.writer.write(buffer, at, view, source, parts, readAtBytes, originBytes);
    } catch (error) {
      // Of a buffer that ends too early. One that has room for any document shows other errors.
      if (error instanceof RangeError && buffer.length - at < MAX_DOCUMENT_BYTES) return buffer.length + 1;
      throw error;
    }
  }

  get source(): string {
    const buffer = Buffer.allocUnsafeSlow(MAX_DOCUMENT_BYTES);
    return buffer.toString('utf8', 0, this.writeTo(buffer, 0));
  }
}
