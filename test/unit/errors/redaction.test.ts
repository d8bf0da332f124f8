import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { errors as clientErrors } from '@elastic/elasticsearch';
import { errors as undiciErrors } from 'undici';
import { stringify } from 'yaml';
import { asConnectorError, failureText } from '../../../src/cli/failure.js';
import { resolveConfig } from '../../../src/config/load.js';
import { inputSecrets } from '../../../src/config/lookup.js';
import { environmentName, settingList } from '../../../src/config/settings.js';
import { setAt } from '../../../src/config/tree.js';
import { ConnectorError, errorKinds, type ErrorCode } from '../../../src/errors.js';
import { createLogger } from '../../../src/log.js';
import { Secrets, learnSecrets } from '../../../src/redact.js';
import { explainAws } from '../../../src/source/aws/failure.js';
import { explainFailure } from '../../../src/target/explain.js';
import { echoes } from '../../support/echoes.js';
import { tempDir } from '../../support/temp-dir.js';

/** Every setting that is secret, by the list of settings: a new one is tested as soon as it is there. */
const settings = [
  ...[...settingList].filter(([, setting]) => setting.secret).map(([path]) => path),
  ...inputSecrets.map((name) => `inputs.0.${name}`),
];

/** What is left of each when it shows: the word in its middle. */
const core = 'Zx9kQ7core';
const values: Readonly<Record<string, string>> = {
  'of letters and digits': `a8f${core}Lw2`,
  'of base64': `pQ3/x+${core}/9+aB8cD7==`,
  'of all signs': `p"a\\s  s'${core}<o>&amp;$(r)%41d+/*\\ü€😀:{}[]^|?.`,
  'of a thousand characters': `IQoJb3Jp${core}`.repeat(60),
};

describe('a secret', () => {
  const ways: Readonly<Record<string, (path: string, secret: string) => Promise<Secrets>>> = {
    'the file': async (path, secret) => {
      const tree = { inputs: [{}] };
      setAt(tree, path, secret);
      return read(tree, {});
    },
    'the environment': (path, secret) => read({ inputs: [{}] }, { [environmentName(path)]: secret }),
    'a file of its own': async (path, secret) => {
      const file = join(await tempDir(), 'secret');
      writeFileSync(file, `${secret}\n`);
      return read({ inputs: [{}] }, { [`${environmentName(path)}_FILE`]: file });
    },
  };

  async function read(tree: object, env: Record<string, string>): Promise<Secrets> {
    const file = join(await tempDir(), 'c.yml');
    writeFileSync(file, stringify(tree));
    const secrets = new Secrets();
    resolveConfig({ file, env, secrets });
    return secrets;
  }

  for (const path of settings) {
    for (const [way, given] of Object.entries(ways)) {
      it(`in ${path}, from ${way}, is known`, async () => {
        for (const value of Object.values(values)) expect((await given(path, value)).redact(value)).to.equal('***');
      });
    }
  }

  for (const [kind, secret] of Object.entries(values)) {
    for (const [form, echo] of Object.entries(echoes)) {
      it(`${kind} does not show ${form}`, () => {
        const secrets = new Secrets();
        secrets.add(secret);
        for (const text of [echo(secret), `before ${echo(secret)}`, `x${echo(secret)}`])
          expectHidden(secrets.redact(text), text);
      });
    }
  }

  it('does not show as basic authentication', () => {
    const secrets = new Secrets();
    secrets.addBasic('kim', 'pw');
    const header = Buffer.from('kim:pw').toString('base64');
    expect(secrets.redact(`Basic ${header}`)).to.equal('Basic ***');
  });

  it('in an encoded API key does not show decoded', () => {
    const secrets = new Secrets();
    secrets.add(Buffer.from(`the-id:${core}Lw2`).toString('base64'));
    expect(secrets.redact(`key the-id:${core}Lw2, ${core}Lw2`)).to.equal('key ***, ***');
  });

  it('that was handed out is known until the next one is', () => {
    const secrets = new Secrets();
    learnSecrets('a test', ['first-token']);
    expect(secrets.redact('first-token')).to.equal('***');
    learnSecrets('a test', ['second-token']);
    expect(secrets.redact('first-token second-token')).to.equal('first-token ***');
    learnSecrets('a test', []);
  });

  const suspects: readonly (readonly [title: string, text: string, redacted: string])[] = [
    ['a header', 'authorization: Basic a2ltOnB3', 'authorization: ***'],
    ['a header of JSON', '{"Authorization":"ApiKey YTpi"}', '{"Authorization":"***"}'],
    ['a header for a proxy', 'proxy-authorization: Basic a2ltOnB3', 'proxy-authorization: ***'],
    ['a session token', 'x-amz-security-token:IQoJ+/=\n\nhost', 'x-amz-security-token:***\n\nhost'],
    ['a signature', `Signature=${'a1'.repeat(32)}`, 'Signature=***'],
    ['a URL', 'via http://kim:pw@proxy:3128/', 'via http://***@proxy:3128/'],
  ];
  for (const [title, text, redacted] of suspects) {
    it(`that nobody told us of does not show in ${title}`, () => expect(new Secrets().redact(text)).to.equal(redacted));
  }

  const harmless =
    'no basic authentication: s3://b/a@b.example, 100% of user@example.org at https://es:9200/a@b Zx9kQ8';
  it('does not take other texts along', () => {
    const secrets = new Secrets();
    for (const value of Object.values(values)) secrets.add(value);
    expect(secrets.redact(harmless)).to.equal(harmless);
  });
});

/** Neither the echo, nor the word, nor the echo as JSON would write it. */
function expectHidden(shown: string, ...echoed: readonly string[]): void {
  expect(shown).not.to.contain(core);
  for (const text of echoed)
    for (const form of [text, JSON.stringify(text).slice(1, -1)]) expect(shown).not.to.contain(form);
}

const meta = (said: string): never =>
  ({
    body: { error: { type: said, reason: said } },
    statusCode: 400,
    headers: { echo: said },
    warnings: [said],
    meta: { request: { params: { headers: { authorization: said }, body: said }, options: {} }, connection: null },
  }) as never;

type Make = (said: string) => unknown;
const withCode = (error: Error, code: string): Error => Object.assign(error, { code });

/** Every kind of error there is: all of ours, all of the client's and of undici's, and those of Node.js and AWS that carry more than a message. */
const errors: Readonly<Record<string, Make>> = {
  ...Object.fromEntries(
    Object.keys(errorKinds).map((code): [string, Make] => [
      code,
      (said) =>
        new ConnectorError(code as ErrorCode, said, {
          place: said,
          remedy: said,
          cause: new Error(said, { cause: new Error(said) }),
        }),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(clientErrors).map(([name, Kind]): [string, Make] => [
      `${name} of the client`,
      (said) =>
        (name === 'ResponseError'
          ? Reflect.construct(Kind, [meta(said)])
          : Reflect.construct(Kind, [said, meta(said)])) as unknown,
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(undiciErrors).map(([name, Kind]): [string, Make] => [
      `${name} of undici`,
      (said) => Reflect.construct(Kind, [said, 400, { headers: { said }, data: said }]) as unknown,
    ]),
  ),
  'a TLS error': (said) =>
    Object.assign(withCode(new Error(said), 'ERR_TLS_CERT_ALTNAME_INVALID'), { host: said, cert: { subject: said } }),
  'a system error': (said) =>
    Object.assign(withCode(new Error(said), 'ECONNREFUSED'), { syscall: said, address: said }),
  'several errors': (said) => new AggregateError([withCode(new Error(said), 'ECONNREFUSED')], said),
  'an abort': (said) => new DOMException(said, 'AbortError'),
  'an error of AWS': (said) =>
    Object.assign(new Error(said), {
      name: 'InvalidToken',
      Code: 'InvalidToken',
      $metadata: { httpStatusCode: 403 },
      $response: { statusCode: 403, headers: { said } },
    }),
  'an error with a name': (said) => Object.assign(new Error(said), { name: said, code: said }),
  'no error at all': (said) => said,
};

describe('the way out of an error', () => {
  const options = { colour: false, debug: true };
  type Out = (error: unknown, said: string, redact: (text: string) => string) => string;
  const logged =
    (pretty: boolean): Out =>
    (error, said, redact) => {
      let lines = '';
      const stream = { write: (text: string) => (lines += text) };
      const log = createLogger({ level: 'debug', stream, pretty, colour: false, redact });
      log.error({ error, [said]: { [said]: [said] } }, said);
      log.info(said);
      return lines;
    };
  const outs: Readonly<Record<string, Out>> = {
    'JSON lines': logged(false),
    'readable lines': logged(true),
    'the failure of a command': (error, _, redact) => failureText(asConnectorError(error), { ...options, redact }),
    'the failure of a cluster': (error, said, redact) =>
      failureText(explainFailure(error, said), { ...options, redact }),
    'the failure of AWS': (error, said, redact) => failureText(explainAws(error, said).error, { ...options, redact }),
  };
  for (const [out, tell] of Object.entries(outs)) {
    for (const [kind, secret] of Object.entries(values)) {
      it(`by ${out} shows no secret ${kind}, whatever the error`, () => {
        const secrets = new Secrets();
        secrets.add(secret);
        const said = ['as it is', 'in JSON', 'in a query', 'in base64'].map((form) => echoes[form]?.(secret) ?? '');
        for (const [name, make] of Object.entries(errors)) {
          const text = said.join(' ');
          expect(
            tell(make(text), text, (one) => secrets.redact(one)),
            name,
          ).to.satisfy((shown: string) => {
            expectHidden(shown, ...said);
            return true;
          });
        }
      });
    }
  }
});
