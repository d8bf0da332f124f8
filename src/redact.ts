/** Takes secrets out of texts, in whatever form whoever repeats them has put them. */
import { NeedleIndex, findLiteral, hide } from './redact/find.js';
import { formsOf, type Literal } from './redact/needles.js';
import { viewsOf } from './redact/view.js';

export { shortestSecret } from './redact/needles.js';

const hidden = '***';
/** In the place of a text that could not be looked through. */
export const unchecked = '(not shown: taking the secrets out of this text failed)';

interface Learned {
  readonly secrets: readonly string[];
  readonly pairs: readonly string[];
}

const learned = new Map<string, Learned>();
let revision = 0;

/**
 * Makes secrets known that no setting has, such as those that AWS hands out for an hour: they replace the ones that the same
 * source gave before. `pairs`: texts `user:password`, of which the beginning is no secret.
 */
export function learnSecrets(source: string, secrets: readonly string[], pairs: readonly string[] = []): void {
  const now = { secrets, pairs };
  if (JSON.stringify(learned.get(source)) === JSON.stringify(now)) return;
  learned.set(source, now);
  revision += 1;
}

interface Compiled {
  readonly index: NeedleIndex;
  readonly literals: readonly Literal[];
  readonly of: string;
}

/** The secrets of this process. */
export class Secrets {
  readonly #texts = new Set<string>();
  /** `user:password`, of which the beginning is no secret. */
  readonly #pairs = new Set<string>();
  #compiled: Compiled | undefined;

  /**
   * Hides a secret: plain, escaped as in JSON, URLs, HTML or shells, in base64 or hex; and what base64 in it says. One of less than six
   * characters is hidden only where it stands as a word.
   */
  add(secret: string): void {
    this.#texts.add(secret);
  }

  /** Hides the password, and both together as the header of basic authentication carries them. */
  addBasic(username: string, password: string): void {
    this.add(password);
    this.#pairs.add(`${username}:${password}`);
  }

  /**
   * The text with `***` in the place of every secret, of its beginning where the text was cut, and of what only looks like one.
   * Never throws: this is how failures are told. The time is linear in the text, whatever the secrets.
   */
  redact(text: string): string {
    try {
      const { index, literals } = this.#compile();
      const found = viewsOf(text).flatMap((view) => index.find(view, text));
      return hideSuspects(hide(text, [...found, ...literals.flatMap((one) => findLiteral(text, one))], hidden));
    } catch {
      return unchecked;
    }
  }

  #compile(): Compiled {
    const of = `${this.#texts.size} ${this.#pairs.size} ${revision}`;
    if (this.#compiled?.of === of) return this.#compiled;
    const others = [...learned.values()];
    const texts = new Set([...this.#texts, ...others.flatMap(({ secrets }) => secrets)].flatMap(partsOf));
    const pairs = new Set([...this.#pairs, ...others.flatMap((one) => one.pairs)]);
    const forms = [
      ...[...texts].map((text) => formsOf(text, { cut: true })),
      ...[...pairs].map((pair) => formsOf(pair, { cut: false })),
    ];
    const index = new NeedleIndex(forms.flatMap(({ needles }) => needles));
    return (this.#compiled = { index, literals: forms.flatMap(({ literals }) => literals), of });
  }
}

/** The secret; what it says where it is base64 of a text, as API keys are; and the key behind its id. */
function partsOf(secret: string): string[] {
  const said = /^[\w+/-]{12,}={0,2}$/.test(secret) ? Buffer.from(secret, 'base64').toString() : '';
  const readable = /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(said) ? [said] : [];
  const keys = [secret, ...readable].flatMap((text) => /^[\w-]{3,}:([\w-]{8,})$/.exec(text)?.[1] ?? []);
  return [secret, ...readable, ...keys];
}

/** What is a credential by its place: those of others, and of ours what nobody told us of. */
const suspects: readonly (readonly [RegExp, string])[] = [
  [
    /((?:authorization|x-amz-security-token)\\*["']?\s*[:=]\s*\\*["']?)(?:(?:basic|bearer|apikey)\s+)?(?!AWS4-)[^\s"'\\,;]+/gi,
    `$1${hidden}`,
  ],
  [/(signature=)[\da-f]{64}/gi, `$1${hidden}`],
  [/(:\/\/)[^\s/@"'<>]+@/g, `$1${hidden}@`],
];

function hideSuspects(text: string): string {
  return suspects.reduce((result, [pattern, instead]) => result.replace(pattern, instead), text);
}
