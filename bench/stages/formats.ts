import { gzipSync } from 'node:zlib';
import type { Stage } from './list.js';
import { decoded, piecesOf, type Material } from './material.js';

/** The ways in which files hold events; each is decoded from memory. `JSON.parse` is what they are to be compared with. */
export function formatsOf({ events }: Material): readonly Stage[] {
  const texts = events.map(({ text }) => text);
  const lines = texts.join('\n');
  const contents: Readonly<Record<string, string | Buffer>> = {
    'JSON lines': lines,
    'JSON lines, CRLF': texts.join('\r\n'),
    'JSON lines, gzip': gzipSync(lines),
    'JSON lines, names beyond ASCII': texts.map((text) => text.replace('"acme"', '"Zoë Müller"')).join('\n'),
    concatenated: texts.join(''),
    'array on one line': `[${texts.join()}]`,
    'array, one event a line': `[\n${texts.join(',\n')}\n]`,
    'objects, pretty-printed': texts.map((text) => JSON.stringify(JSON.parse(text), null, 2)).join('\n'),
    'no two delimiters alike': texts.map((text, i) => text + ' '.repeat(1 + (i % 7))).join(''),
  };
  return [
    {
      name: 'JSON.parse alone',
      run() {
        for (const text of texts) JSON.parse(text);
      },
    },
    ...Object.entries(contents).map(([name, content]) => decoding(name, piecesOf(Buffer.from(content)), texts.length)),
  ];
}

function decoding(name: string, pieces: readonly Buffer[], events: number): Stage {
  return {
    name,
    async run() {
      let found = 0;
      for await (const some of decoded(pieces)) found += some.length;
      if (found !== events) throw new Error(`${name}: ${found} events instead of ${events}`);
    },
  };
}
