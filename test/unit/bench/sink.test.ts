import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { bulkAnswer } from '../../../bench/sink/answers.js';
import { readRequests, type Received } from '../../../bench/sink/requests.js';
import { answerFilter, parseAnswer } from '../../../src/bulk-answer.js';
import { afterTest } from '../../support/after-test.js';

const LINES = '{"create":{}}\n{"message":"x"}\n'.repeat(3);

/** Sends the pieces over a connection of their own, each when the one before has been read. @returns the requests seen. */
async function sent(pieces: readonly Buffer[]): Promise<Received[]> {
  const seen: Received[] = [];
  const server = createServer((socket) => readRequests(socket, (request) => seen.push(request)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  afterTest(async () => {
    server.close();
    await once(server, 'close');
  });
  const connection = once(server, 'connection') as Promise<[NodeJS.EventEmitter]>;
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').setNoDelay();
  const [socket] = await connection;
  for (const piece of pieces) {
    const read = once(socket, 'data');
    client.write(piece);
    await read;
  }
  client.end();
  await once(client, 'close');
  return seen;
}

function request(body: Buffer, headers = ''): Buffer {
  return Buffer.concat([Buffer.from(`POST /_bulk HTTP/1.1\r\nContent-Length: ${body.length}\r\n${headers}\r\n`), body]);
}

describe("bench: the sink's count", function () {
  it('does not depend on where a request is cut', async function () {
    const bytes = request(Buffer.from(LINES));
    for (const at of [5, bytes.length - LINES.length - 2, bytes.length - LINES.length + 14, bytes.length - 1]) {
      const [one, ...more] = await sent([bytes.subarray(0, at), bytes.subarray(at)]);
      expect(more).to.be.empty;
      expect(one).to.deep.include({ target: '/_bulk', lines: 6, bodyBytes: LINES.length });
    }
  });

  it('looks into compressed bodies', async function () {
    const packed = gzipSync(LINES);
    const [one] = await sent([request(packed, 'content-encoding: gzip\r\n')]);
    expect(one).to.deep.include({ lines: 6, bodyBytes: packed.length });
  });

  it('tells requests apart that come in one piece', async function () {
    const body = request(Buffer.from(LINES));
    const seen = await sent([Buffer.concat([body, Buffer.from('GET / HTTP/1.1\r\n\r\n'), body])]);
    expect(seen.map(({ target, lines }) => `${target} ${lines}`)).to.deep.equal(['/_bulk 6', '/ 0', '/_bulk 6']);
  });

  it('is in an answer that the connector takes for one', function () {
    const answer = bulkAnswer(new URLSearchParams({ filter_path: answerFilter }), 3);
    const body: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
    expect(parseAnswer(body, 3)).to.deep.equal(Array(3).fill({ kind: 'indexed' }));
  });
});
