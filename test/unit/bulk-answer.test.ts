import { expect } from 'chai';
import { parseAnswer, refusalOf } from '../../src/bulk-answer.js';

const answer = (...statuses: unknown[]): unknown => ({
  errors: false,
  items: statuses.map((status) => ({ create: { status, error: { type: 't', reason: 'r' } } })),
});
const kind = (status: number): string | undefined => parseAnswer(answer(status), 1)?.[0]?.kind;

describe('one bulk item, one outcome', () => {
  const table: Record<string, number[]> = {
    indexed: [200, 201],
    duplicate: [409],
    retry: [429, 500, 502, 503, 504, 599],
    hold: [401, 403],
    reject: [400, 404, 405, 412, 413, 422],
  };
  for (const [outcome, statuses] of Object.entries(table)) {
    for (const status of statuses) {
      it(`${status} is ${outcome}`, () => {
        expect(kind(status)).to.equal(outcome);
      });
    }
  }

  it('400 is hold where the cluster may make no further index', () => {
    const reason =
      'Validation Failed: 1: this action would add [2] total shards, but this cluster currently has [1000]/[1000] maximum shards open;';
    const items = [{ create: { status: 400, error: { type: 'validation_exception', reason } } }];
    expect(parseAnswer({ items }, 1)?.[0]).to.include({ kind: 'hold', status: 400, reason });
  });

  it('201 is reject where the event has gone to the failure store', () => {
    const items = [{ create: { status: 201, failure_store: 'used' } }, { create: { status: 201 } }];
    expect(parseAnswer({ items }, 2)?.map((one) => one.kind)).to.deep.equal(['reject', 'indexed']);
  });

  it('keeps status, type and reason with the cause behind it', () => {
    const error = { type: 'document_parsing_exception', reason: 'failed to parse', caused_by: { reason: 'not an ip' } };
    const items = [{ create: { status: 400, error } }];
    expect(parseAnswer({ items }, 1)).to.deep.equal([
      { kind: 'reject', status: 400, type: 'document_parsing_exception', reason: 'failed to parse: not an ip' },
    ]);
  });

  it('reads the items in their order', () => {
    expect(parseAnswer(answer(201, 409, 503), 3)?.map((one) => one.kind)).to.deep.equal([
      'indexed',
      'duplicate',
      'retry',
    ]);
  });

  it('does not care what `errors` says', () => {
    expect(parseAnswer({ errors: true, items: [{ create: { status: 201 } }] }, 1)).to.deep.equal([{ kind: 'indexed' }]);
  });

  const broken: [string, unknown][] = [
    ['fewer items', answer(201)],
    ['more items', answer(201, 201, 201)],
    ['an item without a status', { items: [{ create: { status: 201 } }, { create: {} }] }],
    ['a status that is no number', answer(201, '201')],
    ['an item of another action', { items: [{ create: { status: 201 } }, { index: { status: 201 } }] }],
    ['no items', { errors: false }],
    ['text', '"errors":false'],
    ['nothing', undefined],
    ['null', null],
  ];
  for (const [name, body] of broken) {
    it(`says nothing at all for an answer with ${name}`, () => {
      expect(parseAnswer(body, 2)).to.equal(undefined);
    });
  }

  it('makes a refusal of anything', () => {
    expect(refusalOf(502, '<html>Bad Gateway')).to.deep.equal({
      status: 502,
      type: 'http_502',
      reason: '<html>Bad Gateway',
    });
    expect(refusalOf(500, undefined)).to.deep.equal({ status: 500, type: 'http_500', reason: 'no reason given' });
  });
});
