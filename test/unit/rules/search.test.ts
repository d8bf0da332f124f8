import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { ConnectorError } from '../../../src/errors.js';
import { runRule } from '../../../src/rules/run.js';
import { askTallies, MAX_TALLIES } from '../../../src/rules/search-pages.js';
import { PAGE, tallyBody, type Question } from '../../../src/rules/search.js';
import { loadRules } from '../../../src/rules/load.js';
import { createClient, type Client } from '../../../src/target/client.js';

const span = { clock: '@timestamp', from: new Date(0), to: new Date(1000) } as const;
const question: Question = { filters: [], span, by: ['user.id'] };

interface Seen {
  readonly url: string;
  readonly after: unknown;
}

type Reply = (page: number) => { status?: number; body: object };

describe('the searches of a rule', () => {
  let server: Server;
  let client: Client;
  let seen: Seen[];
  let reply: Reply;

  before(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(parts).toString()) as {
          aggs: { tally: { composite: { after?: unknown } } };
        };
        const { status = 200, body: answer } = reply(seen.length);
        seen.push({ url: request.url ?? '', after: body.aggs.tally.composite.after });
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    client = createClient({ hosts: [`http://127.0.0.1:${port}`], request_timeout_s: 10, gzip: false });
  });
  beforeEach(() => (seen = []));
  after(async () => {
    await client.close();
    server.close();
  });

  function page(from: number, count: number): { body: object } {
    const buckets = Array.from({ length: count }, (_, i) => ({
      key: { 'user.id': `u${from + i}` },
      doc_count: 1,
      first: { value: 1 },
      last: { value: 2 },
    }));
    return { body: { aggregations: { tally: { after_key: { 'user.id': `u${from + count - 1}` }, buckets } } } };
  }

  async function codeOf(work: Promise<unknown>): Promise<string> {
    try {
      await work;
    } catch (error) {
      if (error instanceof ConnectorError) return `${error.code} ${error.message}`;
      throw error;
    }
    return 'done';
  }

  it('go on behind the last key until a page is not full', async () => {
    reply = (i) => (i === 0 ? page(0, PAGE) : page(PAGE, 2));
    const tallies = await askTallies(client, 'some-*', question);
    expect(tallies.length).to.equal(PAGE + 2);
    expect(seen.map(({ after }) => after)).to.deep.equal([undefined, { 'user.id': `u${PAGE - 1}` }]);
  });

  it('give up beyond a bound, instead of filling the memory', async function () {
    this.timeout(60_000);
    const full = page(0, PAGE);
    reply = () => full;
    expect(await codeOf(askTallies(client, 'some-*', question))).to.match(/^CCX_RULE_TOO_BROAD .*user\.id/);
    expect(seen.length).to.equal(MAX_TALLIES / PAGE + 1);
  });

  it('take no part of an answer for the whole', async () => {
    reply = () => page(0, 1);
    await askTallies(client, 'some-*', question);
    expect(seen[0]?.url).to.include('allow_partial_search_results=false');
  });

  it('say why a cluster refuses them', async () => {
    reply = () => ({
      status: 400,
      body: { error: { type: 'illegal_argument', reason: 'no such thing' }, status: 400 },
    });
    expect(await codeOf(askTallies(client, 'some-*', question))).to.match(/^CCX_OUTPUT_REFUSED .*no such thing/);
  });

  it('say that a privilege is missing', async () => {
    reply = () => ({ status: 403, body: { error: { type: 'security_exception', reason: 'not yours' }, status: 403 } });
    expect(await codeOf(askTallies(client, 'some-*', question))).to.match(/^CCX_OUTPUT_DENIED .*not yours/);
  });

  it('look into the data streams of all namespaces unless told otherwise', async () => {
    const [rule] = loadRules();
    if (rule === undefined) throw new Error('no rules');
    reply = () => page(0, 0);
    await runRule(client, rule, { kind: 'scheduled', now: new Date() });
    expect(seen[0]?.url).to.match(/^\/logs-cloudconnexa\.\*-\*\/_search/);
  });

  it('look at the time of arrival in a scheduled run, and at the time of events over a period', () => {
    const bodyOf = (clock: Question['span']['clock']): string =>
      JSON.stringify(tallyBody({ ...question, span: { ...span, clock } }));
    expect(bodyOf('event.ingested')).to.include('{"range":{"event.ingested":{"gte":"1970-01-01T00:00:00.000Z"');
    expect(bodyOf('@timestamp')).to.include('{"range":{"@timestamp":{"gte":"1970-01-01T00:00:00.000Z"');
  });
});
