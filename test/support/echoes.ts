import { inspect } from 'node:util';

/** How whoever repeats a secret may write it. */
export const echoes: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'in JSON': (secret) => JSON.stringify({ header: secret }),
  'in JSON within JSON': (secret) => JSON.stringify({ body: JSON.stringify({ header: secret }) }),
  'in JSON with escaped slashes': (secret) => JSON.stringify(secret).replaceAll('/', '\\/'),
  'in JSON of ASCII alone': (secret) =>
    JSON.stringify(secret).replace(/[^\x20-\x7e]/g, (half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'with every character escaped': (secret) =>
    secret
      .split('')
      .map((half) => `\\u${half.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)
      .join(''),
  'in a query': (secret) => `?key=${encodeURIComponent(secret)}`,
  'as a form': (secret) => String(new URLSearchParams({ key: secret })),
  'percent-encoded in lower case': (secret) => encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  'percent-encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'percent-encoded all over': (secret) => [...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join(''),
  'in base64': (secret) => Buffer.from(secret).toString('base64'),
  'in base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'in base64 of JSON': (secret) => Buffer.from(`{"k":"${secret}"}`).toString('base64'),
  'as basic authentication of another user': (secret) => `Basic ${Buffer.from(`kim:${secret}`).toString('base64')}`,
  'as a key of an id': (secret) => `ApiKey ${Buffer.from(`some-id:${secret}`).toString('base64')}`,
  'in hex': (secret) => Buffer.from(secret).toString('hex'),
  'in HTML': (secret) => secret.replace(/[&<>"'/]/g, (sign) => `&#x${sign.charCodeAt(0).toString(16)};`),
  'in HTML by names': (secret) => secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
  'in a shell command': (secret) => `'${secret.replaceAll("'", "'\\''")}'`,
  'in CSV': (secret) => `"${secret.replaceAll('"', '""')}"`,
  'as Node.js prints it': (secret) => inspect({ header: secret }, { breakLength: Infinity, maxStringLength: null }),
  'as Latin-1': (secret) => Buffer.from(secret).toString('latin1'),
  'with blanks run together': (secret) => secret.replaceAll(/\s+/g, ' '),
  'cut off': (secret) => secret.slice(0, -2),
  'cut off with a mark': (secret) => `${secret.slice(0, Math.ceil(secret.length / 2))}… (more)`,
};
