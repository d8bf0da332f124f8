import { inspect } from 'node:util';
import { expect } from 'chai';
import type { Config, DashboardsConfig, OutputConfig } from '../../../src/config.js';
import { ConnectorError } from '../../../src/errors.js';
import { createFrontEnd } from '../../../src/install/front-end/client.js';
import {
  startDashboardsServer,
  type DashboardsServer,
  type DashboardsServerOptions,
} from '../../support/dashboards-server.js';

const secret = 's3cr3t-of-the-front-end';
const ways: readonly (readonly [title: string, dashboards: DashboardsConfig, output: Partial<OutputConfig>])[] = [
  ['an API key', { api_key: secret }, {}],
  ['an API key of id and key', { api_key: `id:${secret}` }, {}],
  ['a password', { username: 'kim', password: secret }, {}],
  ['an API key of output', {}, { api_key: secret }],
  ['a token of output', {}, { bearer_token: secret }],
  ['a password of output', {}, { username: 'kim', password: secret }],
];
const failures: readonly (readonly [title: string, options: Partial<DashboardsServerOptions>, timeoutS?: number])[] = [
  ['refuses the login', { authorization: 'another' }],
  ['is not there', {}],
  ['is slow', { delayMs: 4_000 }, 0.1],
  ['cannot work', { starting: /./ }],
  ['answers in HTML', { instead: () => [200, '<html>', {}] }],
  ['answers nonsense', { instead: () => [200, '', {}] }],
];

/** All forms in which a secret could leave. */
const forms = [secret, `id:${secret}`, `kim:${secret}`].flatMap((text) => [text, Buffer.from(text).toString('base64')]);

describe('secrets of the front end', () => {
  for (const [failing, options, timeoutS = 10] of failures) {
    describe(`when it ${failing}`, () => {
      let server: DashboardsServer;

      before(async () => {
        server = await startDashboardsServer({ product: 'Kibana', ...options });
        if (failing === 'is not there') await server.close();
      });
      after(() => server.close().catch(() => undefined));

      for (const [way, dashboards, output] of ways) {
        it(`${way} shows nowhere`, async () => {
          const config = {
            dashboards: { ...dashboards, url: server.url },
            output: { request_timeout_s: timeoutS, ...output },
          };
          const client = createFrontEnd(config as unknown as Pick<Config, 'dashboards' | 'output'>, 'elasticsearch');
          const error: unknown = await client.ask('GET', '/api/status').catch((thrown: unknown) => thrown);
          await client.close();
          expect(error).to.be.instanceOf(ConnectorError);
          const dump = [
            inspect(error, { depth: 9, showHidden: true }),
            JSON.stringify(error),
            inspect(client, { depth: 9 }),
          ];
          for (const form of forms) expect(dump.join('\n')).not.to.contain(form);
        });
      }
    });
  }

  it('are refused when no header can carry them, without showing them', () => {
    const config = {
      dashboards: { url: 'http://127.0.0.1:1', api_key: `${secret}\n` },
      output: { request_timeout_s: 1 },
    };
    const make = () => createFrontEnd(config as unknown as Pick<Config, 'dashboards' | 'output'>, 'elasticsearch');
    expect(make).to.throw(ConnectorError).with.property('code', 'CCX_CREDENTIAL_FORMAT');
    expect(make).to.throw(ConnectorError).with.property('message').that.does.not.contain(secret);
  });
});
