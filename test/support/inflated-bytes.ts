import { createInflateRaw, type InflateRaw } from 'node:zlib';

/** What Node's streams of that kind hand their output to. */
const prototype = Object.getPrototypeOf(createInflateRaw()) as Pick<InflateRaw, 'push'>;

/** How many bytes zlib makes of compressed ones while an action runs, whether anybody reads them or not. */
export async function inflatedBytes(action: () => Promise<unknown>): Promise<number> {
  let bytes = 0;
  const own = Object.getOwnPropertyDescriptor(prototype, 'push');
  const push = prototype.push;
  prototype.push = function (this: InflateRaw, chunk: Buffer | null, encoding?: BufferEncoding) {
    bytes += chunk?.length ?? 0;
    return push.call(this, chunk, encoding);
  };
  try {
    await action();
  } finally {
    if (own === undefined) Reflect.deleteProperty(prototype, 'push');
    else Object.defineProperty(prototype, 'push', own);
  }
  return bytes;
}
