import { makePieces } from '../pieces.js';
import type { Piece } from '../writer-dialect.js';
import type { Keeper } from '../writer-emitter.js';
import type { Leaf, Step } from '../writer-plan.js';

/** What a rule makes of the values of several groups, kept by what it asks of them. */
export class Joint implements Keeper {
  /** The groups whose values are asked for. */
  readonly groups: readonly number[];
  /** Variables that those groups have. */
  readonly inputs: readonly string[];
  /** By which it is kept: pieces of groups, or groups as a whole. */
  readonly key: readonly (Piece | number)[];
  readonly #number: number;
  readonly #steps: readonly Step[];
  readonly #pieces: string[][] = [];

  /** @param steps the last one is the rule's, before it those that it needs; @param inputs variables by group */
  constructor(
    number: number,
    steps: readonly Step[],
    inputs: ReadonlyMap<string, number>,
    key: readonly (Piece | number)[],
  ) {
    this.#number = number;
    this.#steps = steps;
    this.inputs = [...inputs.keys()];
    this.groups = [...new Set(inputs.values())];
    this.key = key;
  }

  owns({ variable }: Leaf): boolean {
    return variable !== undefined && this.#steps.at(-1)?.defines.includes(variable) === true;
  }

  keep(statements: readonly string[]): Piece {
    this.#pieces.push([...statements]);
    return { keeper: this.#number, number: this.#pieces.length - 1 };
  }

  /** Expression of a function that makes what is kept from the values of the groups, each of which has some of the inputs. */
  source(): string {
    const pieces = this.#pieces.map((_, i) => `p${i}`);
    return [
      `({ ${this.inputs.join(', ')} }) => {`,
      ...this.#steps.flatMap((step) => step.lines),
      ...makePieces(this.#pieces),
      `return { pieces: [${pieces.join(', ')}], values: {} };`,
      `}`,
    ].join('\n');
  }
}
