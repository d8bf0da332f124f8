import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProxyFault } from '../../support/fault-proxy.js';
import { come } from '../come.js';
import type { Way } from '../events.js';
import type { Family, Kind } from '../fault.js';
import type { Objects } from '../feed/objects.js';
import { LONG_RUN_MS } from '../script.js';

/** Objects come all the time. */
export const objects: Family = {
  name: 'objects',
  everyMs: 3_000,
  // Some wait until an object is read to its end.
  overlapping: true,
  kinds: {
    'to be listed': object((objects, count) => objects.put('listed', count)),
    announced: object((objects, count) => objects.put('announced', count)),
    'announced twice': object((objects, count) => objects.announceTwice(count)),
    'written anew with more events': object((objects, count) => objects.append(count)),
    'deleted when it was finished': object((objects, count) => objects.deleteWhenRead(count)),
  },
};

/** More objects than a page of a listing has: once, and only where there is time for it. */
export function manyObjects(forMs: number): Family {
  return {
    name: 'objects, many',
    everyMs: forMs * 0.4,
    isSingle: true,
    isActive: (atMs) => forMs >= LONG_RUN_MS && atMs < forMs * 0.6,
    kinds: { 'more than a page of a listing': object((objects) => objects.many()) },
  };
}

/** The amount is a number of events. */
function object(give: (objects: Objects, count: number) => Promise<string | false>): Kind {
  return {
    amount: [5, 75],
    inflict: async ({ feeder: { objects } }, count) => (objects === undefined ? false : give(objects, count)),
  };
}

type Operation = 'GetObject' | 'ListObjects' | 'ReceiveMessage' | 'ChangeMessageVisibility' | 'DeleteMessage';

/** SQS names its operation in a header; S3 has none, a listing asks for a type of list. */
function isOf(operation: Operation): (request: IncomingMessage) => boolean {
  return ({ headers, method, url = '' }) => {
    const target = headers['x-amz-target'];
    if (target !== undefined) return String(target).includes(operation);
    return method === 'GET' && operation === (url.includes('list-type=') ? 'ListObjects' : 'GetObject');
  };
}

/** It stays until it is met; what the connector asks seldom may take a storm and its calm. */
const WAIT_MS = 90_000;

function answer(status: number, code: string): ProxyFault {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>by the proxy</Message></Error>`;
  return { kind: 'status', status, headers: { 'content-type': 'application/xml' }, body };
}

function once(operation: Operation, fault: ProxyFault): Kind {
  const proof: Way = operation === 'ListObjects' ? 'listed' : 'announced';
  const inflict: Kind['inflict'] = async ({ bucket }) =>
    (await bucket?.proxy.meet(fault, WAIT_MS, isOf(operation))) ?? false;
  return { proof, inflict };
}

/** What goes wrong between the connector and S3 and SQS, with one request of a certain kind. */
export const aws: Family = {
  name: 's3 and sqs',
  everyMs: 2_500,
  overlapping: true,
  kinds: {
    'GetObject: 500': once('GetObject', answer(500, 'InternalError')),
    'GetObject: 503 Slow Down': once('GetObject', answer(503, 'SlowDown')),
    'GetObject: connection closed': once('GetObject', { kind: 'cut' }),
    'GetObject: body cut in its middle': once('GetObject', { kind: 'truncated' }),
    'GetObject: slow drip of the body': once('GetObject', { kind: 'drip', ms: 1_500 }),
    'ListObjects: 503 Slow Down': once('ListObjects', answer(503, 'SlowDown')),
    'ListObjects: answer cut in its middle': once('ListObjects', { kind: 'truncated' }),
    'ReceiveMessage: lost answer': once('ReceiveMessage', { kind: 'lost' }),
    'ReceiveMessage: 500': once('ReceiveMessage', { kind: 'status', status: 500 }),
    'ChangeMessageVisibility: lost answer': once('ChangeMessageVisibility', { kind: 'lost' }),
    'ChangeMessageVisibility: 503': once('ChangeMessageVisibility', { kind: 'status', status: 503 }),
    'DeleteMessage: connection closed': once('DeleteMessage', { kind: 'cut' }),
    'DeleteMessage: lost answer': once('DeleteMessage', { kind: 'lost' }),
    '403 for a while': {
      amount: [500, 2_000],
      proof: 'announced',
      async inflict({ bucket }, forMs) {
        if (bucket === undefined) return false;
        const { hits, end } = bucket.proxy.stand(answer(403, 'AccessDenied'));
        const met = await come(() => hits() > 0, WAIT_MS);
        if (met) await sleep(forMs);
        end();
        return met;
      },
    },
  },
};
