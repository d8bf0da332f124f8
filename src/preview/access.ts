import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a request wants, and what it has shown for it. */
export interface Visit {
  /** Path and query, without the key. */
  readonly target: string;
  readonly by: 'key' | 'cookie' | 'nobody';
}

/** Who may look: whoever knows the address that was printed. Any other user of this machine can reach the port as well. */
export interface Access {
  /** Path of the page, with the key: `/4f…/`. */
  readonly path: string;
  /** For browsers, so that the key is in no address they keep. */
  readonly cookie: string;
  visitOf(request: Pick<IncomingMessage, 'url' | 'headers'>): Visit;
}

/** A new key, good as long as the server runs. */
export function newAccess(): Access {
  const [key, session] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  // Cookies know no ports: another preview on this machine must not overwrite this one's.
  const name = `preview-${randomBytes(4).toString('hex')}`;
  return {
    path: `/${key}/`,
    cookie: `${name}=${session}; Path=/; SameSite=Strict; HttpOnly`,
    visitOf({ url = '/', headers }) {
      const [, first = '', rest] = /^\/([0-9a-f]{32})(\/.*)$/.exec(url) ?? [];
      if (rest !== undefined && isSame(first, key)) return { target: rest, by: 'key' };
      return { target: url, by: isSame(cookieOf(headers.cookie, name), session) ? 'cookie' : 'nobody' };
    },
  };
}

function cookieOf(header: string | undefined, name: string): string {
  const cookies = (header ?? '').split(';').map((text) => text.trim());
  return cookies.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

/** Takes as long whatever is given: hashes have one length, and timingSafeEqual looks at all of it. */
function isSame(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
