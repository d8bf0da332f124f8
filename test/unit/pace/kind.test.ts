import { expect } from 'chai';
import type { ItemOutcome } from '../../../src/bulk-answer.js';
import type { Retry } from '../../../src/exchange.js';
import { sentKind } from '../../../src/pace/kind.js';

const indexed: ItemOutcome = { kind: 'indexed' };
const refused = (status: number): ItemOutcome => ({ kind: 'retry', status, type: 'x', reason: 'y' });
const items = (count: number, refusal: ItemOutcome): ItemOutcome[] =>
  Array.from({ length: 20 }, (_, i) => (i < count ? refusal : indexed));
const retry = (cause: Retry['cause']): Retry => ({ kind: 'retry', cause, detail: '', mayBeStored: false });
const refusal = (status: number) => ({ status, type: 'x', reason: 'y' });

describe('what the outcome of a bulk request says about the cluster', () => {
  const cases: [string, ReturnType<typeof sentKind>, Parameters<typeof sentKind>[0]][] = [
    ['every item stored', 'good', { kind: 'answered', items: items(0, indexed) }],
    ['a few items refused for a while', 'good', { kind: 'answered', items: items(2, refused(429)) }],
    ['many items refused with 429', 'busy', { kind: 'answered', items: items(3, refused(429)) }],
    ['many items refused with 503', 'ill', { kind: 'answered', items: items(3, refused(503)) }],
    ['items that are wrong', 'good', { kind: 'answered', items: items(20, { kind: 'reject', ...refusal(400) }) }],
    ['a 429', 'busy', retry('overloaded')],
    ['a time-out', 'busy', retry('timeout')],
    ['a 503', 'ill', retry('server_error')],
    ['a broken connection', 'unclear', retry('connection_lost')],
    ['a host that is away', 'unclear', retry('not_connected')],
    ['an answer of something else', 'unclear', retry('bad_answer')],
    ['a 413', 'too_large', { kind: 'split', refusal: refusal(413) }],
    ['a request that is wrong', 'unclear', { kind: 'split', refusal: refusal(400) }],
    ['a missing privilege', 'unclear', { kind: 'hold', refusal: refusal(403) }],
    ['a stop', 'unclear', { kind: 'stopped' }],
  ];
  for (const [name, kind, outcome] of cases)
    it(`${name}: ${kind}`, () => {
      expect(sentKind(outcome)).to.equal(kind);
    });
});
