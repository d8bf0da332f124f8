import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { ConnectorError } from '../../../src/errors.js';
import { runRule } from '../../../src/rules/run.js';
import { askTallies, MAX_TALLIES, readTallies } from '../../../src/rules/search-pages.js';
import { PAGE, tallyBody, type Question } from '../../../src/rules/search.js';
import { loadRules } from '../../../src/rules/load.js';
import { createClient, type Client } from '../../../src/target/client.js';

const span = { clock: '@timestamp', from: new Date(0), to: new Date(1000) } as const;
const question: Question = { filters: [], span, by: ['user.id'] };

interface Seen {
  readonly url: string;
  readonly after: unknown;
  readonly text: string;
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
        const text = Buffer.concat(parts).toString();
        const body = JSON.parse(text) as {
          aggs?: { tally: { composite: { after?: unknown } } };
        };
        const { status = 200, body: answer } = reply(seen.length);
        seen.push({ url: request.url ?? '', after: body.aggs?.tally.composite.after, text });
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
    const tallies = await askTallies({ client, pattern: 'some-*' }, question);
    expect(tallies.length).to.equal(PAGE + 2);
    expect(seen.map(({ after }) => after)).to.deep.equal([undefined, { 'user.id': `u${PAGE - 1}` }]);
  });

  it('give up beyond a bound, instead of filling the memory', async function () {
    this.timeout(60_000);
    const full = page(0, PAGE);
    reply = () => full;
    expect(await codeOf(askTallies({ client, pattern: 'some-*' }, question))).to.match(
      /^CCX_RULE_TOO_BROAD .*user\.id/,
    );
    expect(seen.length).to.equal(MAX_TALLIES / PAGE + 1);
  });

  const scan = loadRules().find(({ id }) => id === 'cloudconnexa-port-scan');
  const day = { kind: 'period', from: new Date(0), to: new Date(86_400_000) } as const;
  const slotMs = 300_000;

  function scanBucket(source: string, slot: number, values: number, port?: number): object {
    const [organization, destination] = ['organization.id', 'destination.ip'].map((field) => ({ [field]: 'x' }));
    const key = { ...organization, 'source.ip': source, ...destination, slot: slot * slotMs };
    return {
      ...{ key: { ...key, ...(port !== undefined && { 'destination.port': port }) }, doc_count: 1 },
      ...{ first: { value: slot * slotMs }, last: { value: slot * slotMs }, values: { value: values } },
    };
  }

  const tally = (buckets: readonly object[]): { body: object } => ({
    body: { aggregations: { tally: { buckets, after_key: {} } } },
  });

  it('read the values of those groups only whose neighbouring slots could have enough', async () => {
    if (scan?.detect.kind !== 'distinct') throw new Error('the rule is another one');
    const { atLeast } = scan.detect;
    const half = Math.ceil(atLeast / 2);
    const groups = [
      ...[scanBucket('10.0.0.1', 3, half), scanBucket('10.0.0.1', 4, half)],
      ...[scanBucket('10.0.0.2', 3, atLeast - 1), scanBucket('10.0.0.2', 5, atLeast - 1)],
      ...[scanBucket('10.0.0.3', 6, atLeast - 1), scanBucket('10.0.0.4', 7, atLeast - 1)],
    ];
    const ports = Array.from({ length: atLeast }, (_, i) => scanBucket('10.0.0.1', 3 + (i % 2), 0, i));
    reply = (i) => tally(i === 0 ? groups : i === 1 ? ports : []);
    const found = await runRule(client, scan, day);
    expect(found.map(({ group, found: count }) => [group['source.ip'], count])).to.deep.equal([['10.0.0.1', atLeast]]);
    expect(seen[0]?.text).to.include('"cardinality":{"field":"destination.port"');
    expect(seen[1]?.text)
      .to.include('10.0.0.1')
      .and.not.match(/10\.0\.0\.[234]/);
    expect(seen[1]?.text).to.include(new Date(3 * slotMs).toISOString());
  });

  it('read on where more groups are looked at than could be kept', async function () {
    this.timeout(60_000);
    const quiet = tally(Array.from({ length: PAGE }, (_, i) => scanBucket(`10.0.0.${i}`, i, 1)));
    reply = (i) => (i < MAX_TALLIES / PAGE + 5 ? quiet : tally([]));
    if (scan === undefined) throw new Error('no such rule');
    expect(await runRule(client, scan, day)).to.deep.equal([]);
    expect(seen.length).to.equal(MAX_TALLIES / PAGE + 6);
  });

  it('end also where nothing is kept', async () => {
    const full = page(0, PAGE);
    reply = () => full;
    const tallies = readTallies({ client, pattern: 'some-*' }, question, 2 * PAGE);
    const all = async (): Promise<void> => {
      for await (const { events } of tallies) expect(events).to.equal(1);
    };
    expect(await codeOf(all())).to.match(/^CCX_RULE_TOO_BROAD .*10000 combinations of user\.id/);
    expect(seen.length).to.equal(3);
  });

  it('stop when nobody waits for them any more', async () => {
    const gone = new AbortController();
    reply = (i) => {
      if (i === 1) gone.abort();
      return page(i * PAGE, PAGE);
    };
    const [rule] = loadRules();
    if (rule === undefined) throw new Error('no rules');
    const work = runRule(client, rule, day, { signal: gone.signal }).catch((error: unknown) => error);
    expect(await work).to.have.property('name', 'AbortError');
    expect(seen.length).to.equal(2);
  });

  it('take no part of an answer for the whole', async () => {
    reply = () => page(0, 1);
    await askTallies({ client, pattern: 'some-*' }, question);
    expect(seen[0]?.url).to.include('allow_partial_search_results=false');
  });

  it('say why a cluster refuses them', async () => {
    reply = () => ({
      status: 400,
      body: { error: { type: 'illegal_argument', reason: 'no such thing' }, status: 400 },
    });
    expect(await codeOf(askTallies({ client, pattern: 'some-*' }, question))).to.match(
      /^CCX_OUTPUT_REFUSED .*no such thing/,
    );
  });

  it('say that a privilege is missing', async () => {
    reply = () => ({ status: 403, body: { error: { type: 'security_exception', reason: 'not yours' }, status: 403 } });
    expect(await codeOf(askTallies({ client, pattern: 'some-*' }, question))).to.match(
      /^CCX_OUTPUT_DENIED .*not yours/,
    );
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
