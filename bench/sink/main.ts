/**
 * A cluster that stores nothing, in a process of its own: every bulk request is answered at once with success for as many
 * items as it had. For measuring, not for testing. Prints its port on stdout and ends with its stdin. `POST /_tally` tells what
 * came since the tally before.
 */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { bulkAnswer, http, otherAnswer } from './answers.js';
import { readRequests, type Received } from './requests.js';
import type { Tally } from './start.js';

let tally = startTally();
let usageBefore = process.cpuUsage();

function startTally() {
  return { items: 0, requests: 0, wireBytes: 0, asked: 0 };
}

function tellTally(): Tally {
  const { user, system } = process.cpuUsage(usageBefore);
  const told = { ...tally, cpuSeconds: (user + system) / 1e6 };
  tally = startTally();
  usageBefore = process.cpuUsage();
  return told;
}

function answer({ target, bodyBytes, lines }: Received): string {
  const { pathname, searchParams } = new URL(target, 'http://sink');
  if (pathname === '/_tally') return http(tellTally());
  if (pathname !== '/_bulk') {
    tally.asked += 1;
    return otherAnswer(pathname);
  }
  tally.items += lines / 2;
  tally.requests += 1;
  tally.wireBytes += bodyBytes;
  return bulkAnswer(searchParams, lines / 2);
}

const server = createServer({ noDelay: true }, (socket) => {
  readRequests(socket, (request) => socket.write(answer(request)));
  // A measured process may just end.
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.stdin.on('end', () => process.exit()).resume();
