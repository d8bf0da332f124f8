import { expect } from 'chai';
import { createServer as createHttpServer, request } from 'node:http';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ConnectorError } from '../../../src/errors.js';
import type { Fault } from '../../../src/preview/protocol.js';
import type { Preview } from '../../../src/preview/start.js';
import { afterTest } from '../../support/after-test.js';
import { previewOf, stubbornEngine } from '../../support/preview-server.js';
import { tempDir } from '../../support/temp-dir.js';

const DAY = 'from=2026-02-02T00:00:00Z&to=2026-02-03T00:00:00Z';
const PANEL = `/api/panel?dashboard=cloudconnexa-denied-flows&panel=denied&${DAY}`;
const FOUND = { aggregations: { split: { buckets: { g0: { doc_count: 7 } } } } };

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** What whoever knows the key is answered, at the end of its redirect. */
async function ask(url: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { origin, pathname } = new URL(url);
  const answer = await send(origin, pathname.slice(0, -1) + path, headers, method);
  if (answer.status !== 303) return answer;
  return send(origin, String(answer.headers['location']), { ...headers, cookie: cookieOf(answer) }, method);
}

/** What a browser would keep of it. */
function cookieOf({ headers }: Answer): string {
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

/** By Node's own client: it sends whatever headers it is told to. */
function send(url: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

const faultOf = ({ body }: Answer): Fault['error'] => (JSON.parse(body) as Fault).error;

describe('the server of the preview', () => {
  let page: string;

  beforeEach(async () => {
    page = join(await tempDir(), 'page');
    await mkdir(page);
    for (const name of ['index.html', 'page.js', 'page.css', 'icon.svg', 'THIRD-PARTY-NOTICES.txt'])
      await writeFile(join(page, name), `the ${name}`);
  });

  async function started(status = 200, answer: unknown = FOUND): Promise<Preview> {
    const preview = await previewOf(await stubbornEngine(status, answer), { page });
    afterTest(() => preview.close());
    return preview;
  }

  it('listens on this machine only', async () => {
    const { url } = await started();
    expect(new URL(url).hostname).to.equal('127.0.0.1');
  });

  it('serves the page with a policy that allows no inline script and no markup from texts', async () => {
    const { url } = await started();
    const { status, headers, body } = await ask(url, '/');
    expect([status, body]).to.deep.equal([200, 'the index.html']);
    const policy = String(headers['content-security-policy']);
    expect(policy).to.contain("default-src 'none'").and.contain("script-src 'self'");
    expect(policy).to.contain("require-trusted-types-for 'script'").and.not.contain('unsafe');
    expect(headers).to.include({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  });

  for (const path of [PANEL, '/', '/page.js', `/${'0'.repeat(32)}/`, '//', '/none']) {
    it(`has no answer for who comes without the key to ${path.slice(0, 40)}`, async () => {
      const { status, body, headers } = await send((await started()).url, path, { cookie: 'preview=x; y' });
      expect(status).to.equal(401);
      expect(body).to.contain('Open the whole address that was printed.');
      expect(headers).not.to.have.property('set-cookie');
    });
  }

  it('exchanges the key for a cookie that other sites cannot use', async () => {
    const { url } = await started();
    const first = await send(url, `${new URL(url).pathname}?page=rules`);
    expect([first.status, first.headers['location']]).to.deep.equal([303, '/?page=rules']);
    expect(String(first.headers['set-cookie'])).to.contain('SameSite=Strict').and.contain('HttpOnly');
    expect((await send(url, PANEL, { cookie: `other=1; ${cookieOf(first)}` })).status).to.equal(200);
  });

  it('has another key each time', async () => {
    const [one, other] = [await started(), await started()];
    expect((await send(other.url, new URL(one.url).pathname)).status).to.equal(401);
  });

  it('answers a panel with what its search found', async () => {
    const { url } = await started();
    const { status, body } = await ask(url, PANEL);
    expect([status, JSON.parse(body)]).to.deep.equal([
      200,
      { data: { kind: 'numbers', values: [{ title: 'Denied flows', value: 7 }] } },
    ]);
  });

  for (const host of ['evil.example', 'evil.example:5690', '127.0.0.1.evil.example:5690', 'evil.example:127.0.0.1']) {
    it(`refuses to answer to the name ${host}`, async () => {
      const { url } = await started();
      const answer = await ask(url, PANEL, { host });
      expect([answer.status, faultOf(answer).code]).to.deep.equal([421, 'PREVIEW_HOST']);
    });
  }

  for (const host of ['localhost:9000', 'LOCALHOST', '127.0.0.1', '[::1]:9000']) {
    it(`answers to ${host}, as tunnels have ports of their own`, async () => {
      const { url } = await started();
      expect((await ask(url, PANEL, { host })).status).to.equal(200);
    });
  }

  it('refuses scripts of other sites', async () => {
    const { url } = await started();
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    expect((await ask(url, PANEL, headers)).status).to.equal(403);
  });

  it('opens by a link on another site', async () => {
    const { url } = await started();
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await ask(url, '/', headers)).status).to.equal(200);
  });

  it('searches nothing for a frame in another site', async () => {
    const { url } = await started();
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' };
    const answer = await ask(url, PANEL, headers);
    expect([answer.status, faultOf(answer).code]).to.deep.equal([403, 'PREVIEW_SITE']);
  });

  it('is shown in no frame', async () => {
    const { url } = await started();
    const { headers } = await ask(url, '/');
    expect(headers['content-security-policy']).to.contain("frame-ancestors 'none'");
  });

  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    it(`refuses ${method}`, async () => {
      const { url } = await started();
      const answer = await ask(url, PANEL, {}, method);
      expect([answer.status, answer.headers['allow']]).to.deep.equal([405, 'GET, HEAD']);
    });
  }

  it('answers HEAD without a body', async () => {
    const { url } = await started();
    const { status, body } = await ask(url, '/', {}, 'HEAD');
    expect([status, body]).to.deep.equal([200, '']);
  });

  for (const path of ['/../package.json', '/%2e%2e/package.json', '/page.js/x', '/api/', '/api/constructor']) {
    it(`has nothing at ${path}`, async () => {
      const { url } = await started();
      expect((await ask(url, path)).status).to.equal(404);
    });
  }

  const faults: readonly (readonly [path: string, message: RegExp])[] = [
    [`/api/panel?panel=denied&${DAY}`, /^dashboard is missing/],
    [`/api/panel?dashboard=none&panel=denied&${DAY}`, /^dashboard names none of: cloudconnexa-/],
    [`/api/panel?dashboard=cloudconnexa-denied-flows&panel=none&${DAY}`, /^panel names none of/],
    [`/api/panel?dashboard=cloudconnexa-denied-flows&panel=about&${DAY}`, /^panel has no figures/],
    ['/api/panel?dashboard=cloudconnexa-denied-flows&panel=denied&to=2026-02-03T00:00:00Z', /^from is missing/],
    [`${PANEL}&from=2026-02-01T00:00:00Z`, /^from is given more than once/],
    [`${PANEL.replace('2026-02-02T00:00:00Z', 'now-1d')}`, /^from must be a time/],
    [`${PANEL.replace('2026-02-02T00:00:00Z', '2026-02-32T00:00:00Z')}`, /^from must be a time/],
    [`${PANEL.replace('2026-02-02', '2026-02-04')}`, /^to must be after from/],
    [`${PANEL.replace('2026-02-02', '1926-02-02')}`, /^from must not be ten years before/],
    [`${PANEL}&verdict=maybe`, /^verdict must be allowed or denied/],
    [`${PANEL}&filter=user.name`, /^filter must be <field>:<value>/],
    [`${PANEL}&filter=_id:x`, /^field names _id, which is none to filter by/],
    [`${PANEL}&filter=message:x`, /^field names message/],
    [`${PANEL}&filter=destination.port:ssh`, /^destination.port in filter must be a whole number/],
    [`${PANEL}&filter=destination.ip:10.0.0.300`, /^destination.ip in filter must be an IP address/],
    [`${PANEL}&filter=cloudconnexa.allowed:yes`, /^cloudconnexa.allowed in filter must be true or false/],
    [`${PANEL}&filter=user.name:a&filter=user.name:b`, /^filter names user.name more than once/],
    [`${PANEL}&filter=user.name:${'x'.repeat(1025)}`, /^filter has a value longer than/],
    [`/api/events?search=cloudconnexa-user-flows&size=501&${DAY}`, /^size must be a whole number from 1 to 500/],
    [`/api/values?field=event.original&${DAY}`, /^field names event.original/],
    [`/api/findings?rule=none&${DAY}`, /^rule names none of/],
  ];
  for (const [path, message] of faults) {
    it(`says what is wrong with ${path.slice(5, 120)}`, async () => {
      const { url } = await started();
      const answer = await ask(url, path);
      expect([answer.status, faultOf(answer).code]).to.deep.equal([400, 'PREVIEW_PARAMETER']);
      expect(faultOf(answer).message).to.match(message);
    });
  }

  it('tells in plain words that the credentials are not accepted', async () => {
    const { url } = await started(401, { error: { reason: 'unable to authenticate' }, status: 401 });
    const answer = await ask(url, PANEL);
    expect([answer.status, faultOf(answer).code]).to.deep.equal([502, 'CCX_OUTPUT_DENIED']);
    expect(faultOf(answer).message).to.contain('does not accept the credentials');
  });

  it('takes no part of the data for all of it', async () => {
    const failures = [{ reason: { reason: 'outer', caused_by: { reason: 'no such field' } } }];
    const { url } = await started(200, { ...FOUND, _shards: { failed: 1, failures } });
    const answer = await ask(url, PANEL);
    expect(answer.status).to.equal(502);
    expect(faultOf(answer).message).to.contain('could not look at all data: no such field');
  });

  it('repeats no secret that an answer of the cluster repeats', async () => {
    const engine = await stubbornEngine(400, { error: { reason: 'bad header: hunter2!' } });
    const redact = (text: string): string => text.replaceAll('hunter2!', '***');
    const preview = await previewOf(engine, { page, redact });
    afterTest(() => preview.close());
    const { body } = await ask(preview.url, PANEL);
    expect(body).to.contain('bad header: ***').and.not.contain('hunter2');
  });

  it('says that its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    afterTest(async () => void (await new Promise((resolve) => other.close(resolve))));
    const { port } = other.address() as AddressInfo;
    const failure = await previewOf('http://127.0.0.1:9', { page, port }).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(ConnectorError).with.property('code', 'CCX_PREVIEW_PORT');
  });

  it('ends at once, whatever is under way', async () => {
    const { url: engine, asked } = await silentEngine();
    const preview = await previewOf(engine, { page });
    const unanswered = ask(preview.url, PANEL).catch((error: unknown) => error);
    await asked;
    await preview.close();
    expect(await unanswered).to.have.property('code', 'ECONNRESET');
    const refused = await ask(preview.url, '/').catch((error: unknown) => error);
    expect(refused).to.have.property('code', 'ECONNREFUSED');
  });

  it('gives up a search that nobody waits for any more', async () => {
    const { url: engine, asked, left } = await silentEngine();
    const preview = await previewOf(engine, { page });
    afterTest(() => preview.close());
    const impatient = new AbortController();
    const unanswered = fetch(new URL(PANEL.slice(1), preview.url), { signal: impatient.signal }).catch(() => undefined);
    await asked;
    impatient.abort();
    await Promise.all([left, unanswered]);
  });
});

/** An engine that is asked and never answers, until the end of the test. `left`: who asked has gone. */
async function silentEngine(): Promise<{ url: string; asked: Promise<void>; left: Promise<void> }> {
  const server = createHttpServer();
  const asked = new Promise<void>((resolve) => server.once('request', () => resolve()));
  const left = new Promise<void>((resolve) =>
    server.once('request', (_request, response) => void response.once('close', resolve)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterTest(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, left };
}
