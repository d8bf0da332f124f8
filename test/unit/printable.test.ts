import { expect } from 'chai';
import fc from 'fast-check';
import { failureText } from '../../src/cli/failure.js';
import { rejectText } from '../../src/commands/reject-text.js';
import { printView } from '../../src/demo/view.js';
import { ConnectorError } from '../../src/errors.js';
import { createLogger } from '../../src/log.js';
import { oneLine, printable, printableJson } from '../../src/printable.js';
import { shown } from '../../src/source/sqs/shown.js';
import { hostileTexts, UNPRINTABLE } from '../support/hostile-texts.js';

const same = (text: string): string => text;

function logged(pretty: boolean, tell: (log: ReturnType<typeof createLogger>) => void): string {
  let written = '';
  const stream = { write: (text: string) => (written += text) };
  tell(createLogger({ level: 'info', stream, pretty, colour: false, redact: same }));
  return written;
}

/** Every way in which a text gets into the log. */
function everywhere(text: string): (log: ReturnType<typeof createLogger>) => void {
  const cause = Object.assign(new Error(text), { code: text });
  const error = new ConnectorError('CCX_INTERNAL', text, { place: text, cause });
  return (log) => log.warn({ object: text, list: [{ [text]: text }], error, [text]: text }, `Refused: ${text}`);
}

/** The one line of a text, its end aside. */
function onlyLine(text: string): string {
  expect(text.endsWith('\n')).to.equal(true);
  return text.slice(0, -1);
}

describe('text from outside', () => {
  for (const [name, text] of Object.entries(hostileTexts)) {
    describe(name, () => {
      for (const pretty of [false, true]) {
        it(`is one harmless line of the log, ${pretty ? 'readable' : 'JSON'}`, () => {
          expect(onlyLine(logged(pretty, everywhere(text)))).not.to.match(UNPRINTABLE);
        });
      }

      it('is in the log as it was, for machines', () => {
        const line = logged(false, (log) => log.info({ object: text }, text));
        const { message, object } = JSON.parse(line) as Record<string, string>;
        expect([message, object]).to.deep.equal([text, text]);
      });

      it('cannot look like another line of a failure', () => {
        const error = new ConnectorError('CCX_INTERNAL', text, { place: text, remedy: text });
        const lines = failureText(error, { colour: false, debug: false, redact: same }).split('\n');
        expect(lines.filter((line) => /^(?:error| {2}(?:at|fix):)/.test(line))).to.have.length(3);
        for (const line of lines) expect(line.replaceAll('\t', '')).not.to.match(UNPRINTABLE);
      });

      it('is on the lines of its record in the list of rejects', () => {
        const origin = { input: 's3', bucket: text, key: text };
        const record = { id: 'x', time: 'now', reason: 'invalid_json', detail: text, origin, position: 0 } as const;
        const lines = rejectText({ ...record, event: text, length: 1 }).split('\n');
        expect(lines).to.have.length(5);
        for (const line of lines) expect(line).not.to.match(UNPRINTABLE);
      });

      it('is harmless in quotation marks', () => {
        expect(shown(text)).not.to.match(UNPRINTABLE);
      });

      it('is harmless in what the demo shows of events', () => {
        const bucket = { key: text, count: 1 };
        const view = { events: 1, flows: 1, denied: 1, users: [bucket], ports: [bucket], sample: { [text]: text } };
        const told = printView({ ...view, widest: { user: text, destinations: 1, ports: 1 } });
        for (const line of told.split('\n')) expect(line).not.to.match(UNPRINTABLE);
        expect(told.split('\n')).to.have.length(
          printView({ ...view, widest: { user: 'x', destinations: 1, ports: 1 } }).split('\n').length,
        );
      });
    });
  }

  it('is made printable, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).not.to.match(UNPRINTABLE);
        expect(printable(text).replaceAll(/[\n\t]/g, '')).not.to.match(UNPRINTABLE);
        const json = printableJson(JSON.stringify({ text }));
        expect(json).not.to.match(UNPRINTABLE);
        expect(JSON.parse(json)).to.deep.equal({ text });
      }),
      { numRuns: 2000 },
    );
  });

  it('stays as it is when it is harmless', () => {
    for (const text of ['Zürich "HQ" 😀 字', 'a\\b {x}']) expect(oneLine(text)).to.equal(text);
    expect(printable('a\n\tb')).to.equal('a\n\tb');
  });
});
