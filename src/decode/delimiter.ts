/** Only white space and commas can stand between two events of one file without saying anything. */
const BETWEEN = /^[ \t\r\n,]*$/;
const MAX_BYTES = 64;
const MAX_PENALTY = 256;

/**
 * What stands between two events is the same all through a file: `}` newline `{` in JSON lines, `}{` in concatenated
 * objects, `},{` in an array. So the end of an event is guessed by looking for that, and the guess is right when the
 * text up to there parses, because no object is a part of a longer object's beginning. That costs a search instead of a look at
 * every byte. Wrong guesses (`}{` inside a string, say) make it wait twice as many events before it guesses again.
 */
export class Delimiter {
  text = '}\n{';
  #hit = -1;
  #misses = 0;
  #wait = 0;

  /** Whether to guess for the next event. */
  ready(): boolean {
    if (this.#wait === 0) return true;
    this.#wait--;
    return false;
  }

  /** To be called when the characters given to `next` are other ones than before. */
  forget(): void {
    this.#hit = -1;
  }

  /** Index of the next `}` of a delimiter at or after `from`, or -1. Searches each stretch of `chars` once. */
  next(chars: string, from: number): number {
    if (this.#hit < from) {
      const found = chars.indexOf(this.text, from);
      this.#hit = found < 0 ? Infinity : found;
    }
    return this.#hit === Infinity ? -1 : this.#hit;
  }

  right(): void {
    this.#misses = 0;
  }

  wrong(): void {
    this.#wait = Math.min(2 ** this.#misses++, MAX_PENALTY);
  }

  /** Learns from the bytes between two events that were found otherwise. */
  learn(between: string): void {
    if (this.#wait > 0 || between.length > MAX_BYTES || !BETWEEN.test(between)) return;
    const text = `}${between}{`;
    if (text === this.text) return;
    this.text = text;
    this.#hit = -1;
    this.wrong();
  }
}
