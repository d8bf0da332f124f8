import type { MappedEvent } from '../../record.js';
import type { MapContext } from '../mapper.js';
import type { KnownEvent } from './known-list.js';

/** Larger events are parsed. */
export const MAX_EVENT_BYTES = 16 * 1024;
/**
 * Room for any document of such an event: each of its members, of which a list has less than 150, is made of values that stand in
 * the event, and of words.
 */
const scratch = Buffer.allocUnsafeSlow(256 * MAX_EVENT_BYTES);
const view = new DataView(scratch.buffer);

/** The document of an event of known form, put together from bytes when it is asked for. */
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

  encode(): Buffer {
    const { list, source, parts } = this.#event;
    const { readAtBytes, originBytes } = this.#context;
    return scratch.subarray(0, list.writer.write(scratch, view, source, parts, readAtBytes, originBytes));
  }

  get source(): string {
    return this.encode().toString();
  }
}
