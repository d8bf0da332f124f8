import { readFileSync } from 'node:fs';
import { createServer as createTcp, type AddressInfo, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { afterTest } from '../../support/after-test.js';
import { denied, elastic, healthy, testOutput } from '../../support/output-check.js';
import { scriptedServer, type Script, type Scripted } from '../../support/scripted-server.js';

const pem = (name: string): string => fileURLToPath(new URL(`../../support/tls/${name}`, import.meta.url));
const read = (name: string): string => readFileSync(pem(name), 'utf8');
const known = { key: read('server.key'), cert: read('server.pem') + read('inter.pem') };
const self = { key: read('self.key'), cert: read('self.pem') };
const expired = { key: read('expired.key'), cert: read('expired.pem') };
const swap = (host: string, scheme: string): string => host.replace(/^https?/, scheme);

/** A port that answers each connection with what `talk` does, and none when it is left out. */
async function port(talk?: (socket: Socket) => void): Promise<string> {
  const server = createTcp((socket) => talk?.(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));
  if (talk === undefined) await close();
  else afterTest(close);
  return host;
}

const page = (status: number, body: string, headers: Record<string, string> = {}): Script => ({
  'GET /': { status, body, headers },
});
const root = (body: object, headers = {}): Script => ({ 'GET /': { body, headers } });
const refusing = (status: number, reason: string): Scripted => ({
  status,
  headers: elastic,
  body: { error: { type: 'security_exception', reason } },
});
const kibanaRefusal: Scripted = {
  status: 401,
  headers: { 'kbn-name': 'kibana' },
  body: { statusCode: 401, error: 'Unauthorized', message: 'Unauthorized' },
};
const notAnEngine = 'CCX_OUTPUT_UNSUPPORTED: what answers is not Elasticsearch or OpenSearch: ';
const engineAddress = 'Write the address of the engine itself in output.hosts, usually port 9200';
const trustRemedy =
  "Set output.ca to the PEM file of the cluster's CA (http_ca.crt on Elasticsearch), or output.ca_fingerprint.";

type Case = [what: string, host: () => Promise<string>, env: Record<string, string>, told: string, fix: string];

const cases: Case[] = [
  [
    'a name that is not found',
    () => Promise.resolve('https://no-such-host.invalid:9200'),
    {},
    'CCX_OUTPUT_UNREACHABLE: the host name is not found',
    'Check the spelling in output.hosts and the name resolution of this machine.',
  ],
  [
    'a refused connection',
    () => port(),
    {},
    'CCX_OUTPUT_UNREACHABLE: the connection is refused: nothing listens at this host and port',
    'Check the port in output.hosts, and that the engine is running there.',
  ],
  [
    'a port that never answers',
    () => port((socket) => void afterTest(() => Promise.resolve(void socket.destroy()))),
    { REQUEST_TIMEOUT_S: '1' },
    'CCX_OUTPUT_UNREACHABLE: the cluster does not answer in time',
    'Check host, port and firewall; a busy cluster may need a longer output.request_timeout_s.',
  ],
  [
    'https to a port without TLS',
    async () => swap(await scriptedServer(healthy), 'https'),
    {},
    'CCX_OUTPUT_TLS: no TLS connection could be made: the server does not speak TLS here, or no version from 1.2 on',
    'Write http:// in output.hosts if the engine runs without TLS, or correct the port.',
  ],
  [
    'http to a TLS port that hangs up, as engines do',
    async () => swap(await scriptedServer(healthy, known), 'http'),
    {},
    'CCX_OUTPUT_UNREACHABLE: the server closed the connection without an answer',
    'If the server speaks TLS, write https:// in output.hosts; otherwise look at its log and at proxies before it.',
  ],
  [
    'http to a TLS port that says so, as nginx does',
    () => scriptedServer(page(400, '<center>The plain HTTP request was sent to HTTPS port</center>')),
    {},
    `${notAnEngine}it is a TLS port, spoken to in plain http (HTTP 400)`,
    'Write https:// in output.hosts.',
  ],
  [
    'TLS before 1.2',
    () =>
      scriptedServer(healthy, { ...known, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    { CA: pem('root.pem') },
    'CCX_OUTPUT_TLS: the server offers only TLS versions before 1.2',
    'Let the engine, or the proxy before it, offer TLS 1.2 or 1.3.',
  ],
  [
    'a server that wants a certificate from its clients',
    () => scriptedServer(healthy, { ...known, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' }),
    { CA: pem('root.pem') },
    'CCX_OUTPUT_TLS: the server ends the TLS handshake, as it does with clients that have no certificate or share no cipher',
    'Let the server take clients without a certificate (Elasticsearch: xpack.security.http.ssl.client_authentication), and offer the usual ciphers of TLS 1.2 or 1.3.',
  ],
  [
    'a CA that is not trusted',
    () => scriptedServer(healthy, known),
    {},
    "CCX_OUTPUT_TLS: the server's certificate is signed by a CA that is not trusted here, or by itself",
    trustRemedy,
  ],
  [
    'the CA of another cluster',
    () => scriptedServer(healthy, known),
    { CA: pem('forged.pem') },
    "CCX_OUTPUT_TLS: the server's certificate is signed by a CA that is not trusted here, or by itself",
    trustRemedy,
  ],
  [
    'another fingerprint',
    () => scriptedServer(healthy, known),
    { CA_FINGERPRINT: 'ab'.repeat(32) },
    'CCX_OUTPUT_TLS: no certificate of the server has the fingerprint of output.ca_fingerprint',
    'Compare it with: openssl x509 -noout -fingerprint -sha256 -in ca.pem; if it is right, this is not your server.',
  ],
  [
    'a certificate for another name',
    () => scriptedServer(healthy, self),
    { CA: pem('self.pem') },
    "CCX_OUTPUT_TLS: the server's certificate is for another host name",
    'Use a name in output.hosts that the certificate has, or issue a certificate with this name.',
  ],
  [
    'an expired certificate',
    () => scriptedServer(healthy, expired),
    { CA: pem('expired.pem') },
    "CCX_OUTPUT_TLS: the server's certificate has expired",
    "Renew the server's certificate, or check the clock of both machines.",
  ],
  [
    'wrong credentials',
    () => scriptedServer({ 'GET /': refusing(401, 'unable to authenticate user [a]') }),
    { API_KEY: 'a2V5' },
    'CCX_OUTPUT_DENIED: the cluster does not accept the credentials (401): unable to authenticate user [a]',
    'Check output.api_key: wrong or expired, or of another cluster.',
  ],
  [
    'missing credentials',
    () => scriptedServer({ 'GET /': refusing(401, 'missing authentication credentials') }),
    {},
    'CCX_OUTPUT_DENIED: the cluster wants credentials, and none are configured (401): missing authentication credentials',
    "Set output.api_key, output.bearer_token, or output.username and output.password; for Amazon's services, output.aws.service.",
  ],
  [
    'the plain text in which OpenSearch refuses a password',
    () => scriptedServer(page(401, 'Unauthorized')),
    { USERNAME: 'a', PASSWORD: 'wrong-pw-77', ALLOW_INSECURE_AUTH: 'true' },
    'CCX_OUTPUT_DENIED: the cluster does not accept the credentials (401): HTTP status 401',
    'Check output.username and output.password: wrong or expired, or of another cluster.',
  ],
  [
    'a proxy that refuses the credentials itself',
    () => scriptedServer(page(401, '<html><center>nginx</center></html>', { server: 'nginx' })),
    { API_KEY: 'a2V5' },
    'CCX_OUTPUT_DENIED: a proxy before the cluster (nginx) does not accept the credentials (401): HTTP status 401',
    'Check output.api_key: wrong or expired, or of another cluster.',
  ],
  [
    'Kibana that refuses the credentials',
    () => scriptedServer({ 'GET /': kibanaRefusal }),
    { API_KEY: 'a2V5' },
    `${notAnEngine}it is Kibana (HTTP 401)`,
    `${engineAddress}; Kibana has its own in dashboards.url.`,
  ],
  [
    'a proxy that wants credentials',
    () => scriptedServer(page(407, 'Proxy Authentication Required')),
    {},
    'CCX_OUTPUT_DENIED: a proxy in between wants credentials of its own (407)',
    'Give them in the address of the proxy, or let this machine pass without.',
  ],
  [
    'a proxy that does not reach the engine',
    () => scriptedServer(page(502, '<center>nginx/1.25.3</center>', { server: 'nginx' })),
    {},
    'CCX_OUTPUT_UNREACHABLE: a proxy before the cluster (nginx) answers 502 in its place',
    'Look at the log of the proxy: where it sends requests, whether the engine runs there, and how long it waits.',
  ],
  [
    'Kibana',
    () => scriptedServer(page(302, '', { location: '/login?next=%2F', 'kbn-name': 'kibana' })),
    {},
    `${notAnEngine}it is Kibana (HTTP 302)`,
    `${engineAddress}; Kibana has its own in dashboards.url.`,
  ],
  [
    'OpenSearch Dashboards',
    () => scriptedServer(page(302, '', { location: '/app/home', 'osd-name': 'dashboards' })),
    {},
    `${notAnEngine}it is OpenSearch Dashboards (HTTP 302)`,
    `${engineAddress}; OpenSearch Dashboards has its own in dashboards.url.`,
  ],
  [
    'nginx',
    () => scriptedServer(page(200, '<title>Welcome to nginx!</title>', { server: 'nginx/1.25.3' })),
    {},
    `${notAnEngine}it is nginx (HTTP 200)`,
    `${engineAddress}; a proxy before it has to pass all paths on.`,
  ],
  [
    'a web page that names nobody',
    () => scriptedServer(page(404, '<p>no such page</p>')),
    {},
    `${notAnEngine}it is a web page (HTTP 404)`,
    `${engineAddress}; a proxy before it has to pass all paths on.`,
  ],
  [
    'a redirect to a login page',
    () => scriptedServer(page(302, '', { location: 'https://sso.example.com/start?token=hunter2' })),
    {},
    `${notAnEngine}it is a redirect to https://sso.example.com/start (HTTP 302)`,
    `${engineAddress}, with https:// where it speaks TLS; a login page in between keeps programs out.`,
  ],
  [
    'JSON of something else',
    () => scriptedServer(root({ service: 'billing' })),
    {},
    `${notAnEngine}it names no known engine (HTTP 200)`,
    'Check output.hosts; where a proxy hides GET /, set output.engine.',
  ],
  [
    'Elasticsearch 7',
    () => scriptedServer(root({ version: { number: '7.17.9', build_flavor: 'default' } }, elastic)),
    {},
    'CCX_OUTPUT_UNSUPPORTED: This is elasticsearch 7.17.9; >=8 <10 is needed',
    'Use Elasticsearch 8 or 9, or OpenSearch 2 or 3.',
  ],
  [
    'OpenSearch 1',
    () => scriptedServer(root({ version: { number: '1.3.20', distribution: 'opensearch' } })),
    {},
    'CCX_OUTPUT_UNSUPPORTED: This is opensearch 1.3.20; >=2 <4 is needed',
    'Use Elasticsearch 8 or 9, or OpenSearch 2 or 3.',
  ],
  [
    'a setting that names the other engine',
    () => scriptedServer(healthy),
    { ENGINE: 'opensearch' },
    'CCX_OUTPUT_UNSUPPORTED: output.engine is opensearch, but this is elasticsearch',
    'Set output.engine to elasticsearch or auto, or correct output.hosts.',
  ],
  [
    'an OpenSearch that does not let the user ask what it is',
    () => scriptedServer({ 'GET /': denied(), 'GET /_nodes': denied() }),
    {},
    'CCX_OUTPUT_DENIED: The cluster does not say what it is: GET / is refused',
    'Grant the privilege monitor (OpenSearch: cluster:monitor/main), or set output.engine.',
  ],
];

describe('test output explains', () => {
  for (const [what, makeHost, env, told, fix] of cases) {
    it(what, async () => {
      const host = await makeHost();
      const { code, text } = await testOutput([host], env);
      expect(text).to.equal(`failed  ${host}: ${told}\n        fix: ${fix}\n`);
      expect(code).to.equal(1);
    });
  }
});
