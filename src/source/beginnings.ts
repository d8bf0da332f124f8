import { digestOf, inflatedHead, isGzipFile, type FileIdentity, type FileLook } from './identity.js';

/** So many are remembered, the latest ones: a copy is made when its file is, or was just, there. */
const BEGINNINGS = 1000;

/** How files began, gone or cut ones too. */
export class Beginnings {
  /** By digest: of how many bytes it is, and of which stream. The oldest comes first. */
  readonly #known = new Map<string, { readonly length: number; readonly id: string }>();

  add({ sha256, length }: Pick<FileIdentity, 'sha256' | 'length'>, id: string): void {
    this.#known.delete(sha256);
    this.#known.set(sha256, { length, id });
    const [oldest = sha256] = this.#known.keys();
    if (this.#known.size > BEGINNINGS) this.#known.delete(oldest);
  }

  /**
   * Whether another file than that of the stream `id` began like this one, compressed or not: what copytruncate leaves, say,
   * or a rotation that compresses. A file that holds less than the other one's beginning is not known yet.
   */
  isCopy(look: FileLook, id?: string): boolean {
    const heads = isGzipFile(look) ? [look.head, inflatedHead(look)] : [look.head];
    const lengths = new Set([...this.#known.values()].map(({ length }) => length));
    return [...lengths].some((length) =>
      heads.some((head) => length <= head.length && this.#isOther(head, length, id)),
    );
  }

  #isOther(head: Buffer, length: number, id: string | undefined): boolean {
    const known = this.#known.get(digestOf(head.subarray(0, length)));
    return known?.length === length && known.id !== id;
  }
}
