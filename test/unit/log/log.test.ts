import { expect } from 'chai';
import { errors } from '@elastic/elasticsearch';
import { Secrets } from '../../../src/config/secrets.js';
import { ConnectorError } from '../../../src/errors.js';
import { createLogger, type LogOptions, type ProcessLogger } from '../../../src/log.js';

const secret = 's3cret"key';

function open(more: Partial<LogOptions> = {}): { log: ProcessLogger; lines: string[] } {
  const lines: string[] = [];
  const secrets = new Secrets();
  secrets.addBasic('bob', secret);
  const stream = { write: (text: string) => lines.push(text) };
  const redact = (text: string): string => secrets.redact(text);
  return { log: createLogger({ level: 'info', stream, pretty: false, colour: false, redact, ...more }), lines };
}

describe('the log', () => {
  it('writes one JSON object a line with time, level, message and fields', () => {
    const { log, lines } = open();
    log.info({ batch: 3 }, 'sent');
    const { time, ...rest } = JSON.parse(lines.join('')) as Record<string, unknown>;
    expect(rest).to.deep.equal({ level: 'info', message: 'sent', batch: 3 });
    expect(time).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('leaves out what is below its level, and the level can change', () => {
    const { log, lines } = open();
    log.debug('no');
    log.level = 'debug';
    log.debug('yes');
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).to.deep.equal(['yes']);
  });

  it('writes each line before it returns, readable lines too', () => {
    for (const pretty of [false, true]) {
      const { log, lines } = open({ pretty });
      log.warn('last words');
      expect(lines.join('')).to.contain('last words');
    }
  });

  it('writes readable lines without JSON on a terminal', () => {
    const { log, lines } = open({ pretty: true });
    log.warn({ host: 'es' }, 'slow');
    expect(lines.join('')).to.match(/^\[\d\d:\d\d:\d\d\] WARN: slow \{"host":"es"\}\n$/);
  });

  it('colours only when told', () => {
    const coloured = open({ pretty: true, colour: true });
    coloured.log.warn('x');
    const plain = open({ pretty: true });
    plain.log.warn('x');
    expect(coloured.lines.join('')).to.contain('\u001b[');
    expect(plain.lines.join('')).not.to.contain('\u001b[');
  });

  it('takes a percent sign in a message as it is', () => {
    const { log, lines } = open();
    log.info({ a: 1 }, '100% of %s %d');
    expect((JSON.parse(lines.join('')) as { message: string }).message).to.equal('100% of %s %d');
  });

  it('keeps the line when a field refers to itself', () => {
    const { log, lines } = open();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    log.info({ loop }, 'still here');
    expect(lines.join('')).to.contain('still here');
  });

  it('keeps the code, message and cause of an error, and nothing else of it', () => {
    const { log, lines } = open();
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', request: { headers: 'x' } });
    log.error({ error: new ConnectorError('CCX_INTERNAL', 'broken', { cause }) }, 'failed');
    expect((JSON.parse(lines.join('')) as { error: unknown }).error).to.deep.equal({
      name: 'ConnectorError',
      code: 'CCX_INTERNAL',
      message: 'broken',
      cause: { name: 'Error', code: 'ECONNREFUSED', message: 'refused' },
    });
  });

  const basic = Buffer.from(`bob:${secret}`).toString('base64');
  const request = { headers: { authorization: `Basic ${basic}` }, body: secret };
  const leaks: [name: string, tell: (log: ProcessLogger) => void][] = [
    ['a message', (log) => log.info(`password is ${secret}`)],
    ['a field', (log) => log.info({ password: secret }, 'x')],
    ['a nested field', (log) => log.info({ a: [{ b: { c: `Basic ${basic}` } }] }, 'x')],
    ['a text that is JSON', (log) => log.info({ body: JSON.stringify({ password: secret }) }, 'x')],
    ['an error', (log) => log.info({ error: new Error(`bad ${secret}`) }, 'x')],
    ['the cause of an error', (log) => log.info({ error: new Error('x', { cause: new Error(secret) }) }, 'x')],
    ['a connector error', (log) => log.info({ error: new ConnectorError('CCX_INTERNAL', secret) }, 'x')],
    ['the request on an error', (log) => log.info({ error: Object.assign(new Error('x'), { request }) }, 'x')],
    ['an error of the client', (log) => log.info({ error: new errors.ConnectionError(`no: ${basic}`) }, 'x')],
  ];
  for (const pretty of [false, true]) {
    for (const [name, tell] of leaks) {
      it(`never shows a secret in ${name}, ${pretty ? 'readable' : 'JSON'}`, () => {
        const { log, lines } = open({ pretty });
        tell(log);
        expect(lines).to.have.length(1);
        for (const form of [secret, 's3cret', basic]) expect(lines.join('')).not.to.contain(form);
      });
    }
  }
});
