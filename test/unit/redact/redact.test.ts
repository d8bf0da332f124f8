import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { reportFailure } from '../../../src/cli/main.js';
import { redactAll } from '../../../src/cli/redacted.js';
import { errorKinds } from '../../../src/errors.js';
import { createLogger } from '../../../src/log.js';
import { proxyRemedies } from '../../../src/proxy/remedies.js';
import { Secrets, unchecked } from '../../../src/redact.js';

function secretsOf(...texts: readonly string[]): Secrets {
  const secrets = new Secrets();
  for (const text of texts) secrets.add(text);
  return secrets;
}

/** As random as a key, and the same in every run. */
function letters(count: number): string {
  let state = 1;
  const next = (): string => {
    state = (state * 48271) % 2147483647;
    return 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'[state % 64] ?? '';
  };
  return Array.from({ length: count }, next).join('');
}

const lines = letters(48 * 64).match(/.{64}/g) ?? [];
const pem = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;

describe('a large secret', () => {
  const large: Readonly<Record<string, string>> = {
    'of 64 KiB': letters(65_536),
    'of 64 KiB with blanks': `${letters(60)} \n`.repeat(1040),
    'of many lines': pem,
  };
  for (const [kind, secret] of Object.entries(large)) {
    it(`${kind} is hidden, plain, in JSON, base64 and hex`, () => {
      const secrets = secretsOf(secret);
      for (const text of [secret, JSON.stringify(secret), Buffer.from(secret).toString('base64'), hex(secret)]) {
        expect(secrets.redact(`the ${text}.`).length).to.be.lessThan(20);
      }
    });
    it(`${kind} is hidden where only a part of it is shown`, () => {
      const part = secret.slice(1500, 1600);
      expect(secretsOf(secret).redact(`(${part})`)).to.equal('(***)');
    });
  }

  it('of many lines is hidden line by line, and what surrounds every PEM file is not', () => {
    const secrets = secretsOf(pem);
    for (const line of lines) expect(secrets.redact(`(${line})`)).to.equal('(***)');
    expect(secrets.redact('it begins with -----BEGIN')).to.equal('it begins with -----BEGIN');
  });
});

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** They took minutes to years. */
describe('texts that are made to take time', function () {
  this.timeout(60_000);

  it('of escaped backslashes are looked through', () => {
    const secrets = new Secrets();
    secrets.addBasic('DOMAIN\\user', 'pass\\word1');
    const text = `corp${'\\u005C'.repeat(10_000)}x`;
    expect(secrets.redact(text)).to.equal(text);
  });

  it('of one sign 200,000 times are looked through, whatever secret begins with it', () => {
    for (const code of Array.from({ length: 95 }, (_, i) => i + 32)) {
      const sign = String.fromCharCode(code);
      const secrets = secretsOf(`${sign}secret-one`, `${sign.repeat(3)}other-one`, `${sign.repeat(40)}.last-one`);
      expect(secrets.redact(`${sign.repeat(200_000)}secret-one`), sign).to.not.contain('secret-one');
    }
  });
});

describe('an ordinary text', () => {
  it('keeps the signs and parts of words that a short secret is made of', () => {
    const text = '{"level":"info","at":"07:10:30x","information":"300"}';
    expect(secretsOf('"', '{', '30', '00', 'inf', 'info1').redact(text)).to.equal(text);
  });

  it('loses a short secret that stands as a word', () => {
    expect(secretsOf('abc12').redact('login with abc12, "abc12" or ?p=abc12&x')).to.equal(
      'login with ***, "***" or ?p=***&x',
    );
  });

  it('keeps its end where that is how a user of the documentation begins', () => {
    for (const user of ['cloudconnexa_shipper', 'cloudconnexa_setup', 'elastic', 'kibana_system']) {
      const secrets = new Secrets();
      secrets.addBasic(user, 'k9x!Lw2');
      for (const text of ['installed by cloudconnexa', 'index template logs-cloudconnexa…', `as ${user}`, 'by elastic'])
        expect(secrets.redact(text)).to.equal(text);
    }
  });

  for (const [code, { remedy }] of Object.entries(errorKinds)) {
    it(`such as the remedy of ${code} is not changed`, () => expect(new Secrets().redact(remedy)).to.equal(remedy));
  }
  it('such as a remedy for a proxy is not changed', () => {
    for (const remedy of Object.values(proxyRemedies)) expect(new Secrets().redact(remedy)).to.equal(remedy);
  });
});

describe('when taking secrets out fails', () => {
  const broken = secretsOf({ secret: 'hunter22' } as unknown as string);

  it('a constant text is shown', () => expect(broken.redact('the hunter22')).to.equal(unchecked));

  it('a failure is told all the same, and nothing of it shown', () => {
    const stderr = new PassThrough({ encoding: 'utf8' });
    const io = { stdin: new PassThrough(), stdout: stderr, stderr, env: {}, secrets: broken };
    const signal = new AbortController().signal;
    expect(reportFailure(new Error('the hunter22'), { ...io, signal }, true)).to.equal(1);
    expect(stderr.read()).to.contain('CCX_INTERNAL').and.contain(unchecked).and.not.contain('hunter22');
  });

  it('an error that cannot be read has its own text', () => {
    const stderr = new PassThrough({ encoding: 'utf8' });
    const io = { stdin: new PassThrough(), stdout: stderr, stderr, env: {}, secrets: broken };
    const signal = new AbortController().signal;
    expect(reportFailure(Object.create(null), { ...io, signal }, true)).to.equal(1);
    expect(stderr.read()).to.equal('error CCX_INTERNAL: a failure that could not be shown\n');
  });
});

describe('a stream that secrets are taken out of', () => {
  it('takes them out of texts and bytes, and leaves the lines of the log as they were made', () => {
    const stderr = new PassThrough({ encoding: 'utf8' });
    const secrets = secretsOf('message', 'hunter22');
    const stream = redactAll(stderr, secrets);
    stderr.write('hunter22\n');
    stderr.write(Buffer.from('as bytes hunter22\n'));
    createLogger({ level: 'info', stream, pretty: false, colour: false, redact: (text) => secrets.redact(text) }).info(
      'with hunter22',
    );
    const [text, bytes, line] = String(stderr.read()).split('\n');
    expect([text, bytes]).to.deep.equal(['***', 'as bytes ***']);
    expect(JSON.parse(line ?? '')).to.include({ level: 'info', message: 'with ***' });
  });
});
