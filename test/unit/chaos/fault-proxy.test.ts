import { expect } from 'chai';
import { come } from '../../chaos/come.js';
import { afterTest } from '../../support/after-test.js';
import { startBulkServer, type BulkServer, type Fault } from '../../support/bulk-server.js';
import { startFaultProxy, type FaultProxy } from '../../support/fault-proxy.js';

const index = 'logs-cloudconnexa.flow-x';
const ids = Array.from({ length: 14 }, (_, i) => `id${i}`);
const bulk = ids.map((id) => `${JSON.stringify({ create: { _index: index, _id: id } })}\n{}\n`).join('');

interface Answer {
  readonly items: readonly { readonly create: { readonly status: number } }[];
}

describe('the proxy that injects faults', () => {
  async function before(...script: Fault[]): Promise<{ server: BulkServer; proxy: FaultProxy }> {
    const server = await startBulkServer({ script });
    afterTest(() => server.close());
    const proxy = await startFaultProxy({ target: server.url });
    afterTest(() => proxy.close());
    return { server, proxy };
  }
  async function send({ url }: FaultProxy): Promise<Map<string, number>> {
    const answer = await fetch(`${url}/_bulk`, { method: 'POST', body: bulk });
    const { items } = (await answer.json()) as Answer;
    return new Map(items.map(({ create }, i) => [ids[i] ?? '', create.status]));
  }

  it('answers 409 in a mix only for what is stored', async () => {
    const { server, proxy } = await before();
    void proxy.meet({ kind: 'mix' }, 1_000);
    const statuses = await send(proxy);
    expect(new Set(statuses.values())).to.deep.equal(new Set([201, 429, 503, 409]));
    for (const [id, status] of statuses)
      if (status === 409 || status === 201) expect(server.stored.has(id), id).to.equal(true);
      else if (status === 429) expect(server.stored.has(id), id).to.equal(false);
  });

  it('gives the answer of the engine in place of 409 when it has not stored the item', async () => {
    const { proxy } = await before({ kind: 'items', statuses: [400] });
    void proxy.meet({ kind: 'mix' }, 1_000);
    const statuses = await send(proxy);
    expect(new Set(statuses.values())).to.deep.equal(new Set([400, 429, 503]));
  });

  it('refuses connections for a while, and is back at the same address', async () => {
    const { proxy } = await before();
    const { url } = proxy;
    const listen = await proxy.refuse();
    const error = await fetch(url).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(TypeError).with.nested.property('cause.code', 'ECONNREFUSED');
    await listen();
    expect(proxy.url).to.equal(url);
    expect((await send(proxy)).get('id0')).to.equal(201);
  });

  it('takes a request and never answers, and the engine sees nothing', async () => {
    const { server, proxy } = await before();
    const { hits, end } = proxy.stand({ kind: 'mute' });
    const stop = new AbortController();
    const answer = fetch(`${proxy.url}/_bulk`, { method: 'POST', body: bulk, signal: stop.signal }).catch(() => 'none');
    expect(await come(() => hits() > 0, 5_000)).to.equal(true);
    stop.abort();
    end();
    expect(await answer).to.equal('none');
    expect(server.stored.size).to.equal(0);
  });
});
