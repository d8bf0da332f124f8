import { isAscii } from 'node:buffer';
import type { DecodedEvent, JsonObject, Position, Recognized } from '../record.js';

/** An event that was recognized: nobody has parsed it, and as a rule nobody will: `text` and `value` are made anew each time. */
export class RecognizedEvent implements DecodedEvent {
  readonly kind = 'event';
  readonly recognized: Recognized;
  readonly buffer: Buffer;
  readonly from: number;
  readonly start: number;
  readonly end: Position;
  constructor(recognized: Recognized, buffer: Buffer, from: number, start: number, arrayDepth: number) {
    this.recognized = recognized;
    this.buffer = buffer;
    this.from = from;
    this.start = start;
    this.end = { offset: start + recognized.to - from, arrayDepth };
  }

  get to(): number {
    return this.recognized.to;
  }

  get text(): string {
    return this.buffer.toString('utf8', this.from, this.to);
  }

  get value(): JsonObject {
    return JSON.parse(this.text) as JsonObject;
  }

  get ascii(): boolean {
    return isAscii(this.buffer.subarray(this.from, this.to));
  }
}
