import { setTimeout as sleep } from 'node:timers/promises';
import type { ProxyFault } from '../../support/fault-proxy.js';
import type { Family, Kind } from '../fault.js';

const WAIT_MS = 4_000;

function answer(status: number, code: string): ProxyFault {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>by the proxy</Message></Error>`;
  return { kind: 'status', status, headers: { 'content-type': 'application/xml' }, body };
}

const once = (fault: ProxyFault): Kind => ({
  inflict: async ({ bucket }) => (await bucket?.proxy.meet(fault, WAIT_MS)) ?? false,
});

/** What goes wrong between the connector and S3 and SQS: of both, whichever is asked next. Objects come all the time. */
export const aws: Family = {
  name: 's3 and sqs',
  everyMs: 1_200,
  kinds: {
    'an object, to be listed': {
      share: 5,
      amount: [10, 200],
      inflict: ({ feeder }, count) => feeder.object('listed', count),
    },
    'an object, announced': {
      share: 5,
      amount: [10, 200],
      inflict: ({ feeder }, count) => feeder.object('announced', count),
    },
    '500': once(answer(500, 'InternalError')),
    '503 Slow Down': once(answer(503, 'SlowDown')),
    'connection closed': once({ kind: 'cut' }),
    'lost answer': once({ kind: 'lost' }),
    'body cut in its middle': { ...once({ kind: 'truncated' }), share: 2 },
    'slow drip of the body': once({ kind: 'drip', ms: 1_500 }),
    '403 for a while': {
      amount: [500, 2_000],
      async inflict({ bucket }, forMs) {
        const end = bucket?.proxy.stand(answer(403, 'AccessDenied'));
        await sleep(forMs);
        return (end?.() ?? 0) > 0;
      },
    },
  },
};
