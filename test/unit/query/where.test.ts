import { Ajv } from 'ajv';
import { expect } from 'chai';
import { fieldsOf, toDsl, toKuery, whereSchema, type Where } from '../../../src/query/where.js';

/** Each word of the conditions, in the query DSL and in KQL. */
const words: readonly { title: string; where: Where; dsl: object; kuery: string }[] = [
  {
    title: 'a value',
    where: { 'event.action': 'flow_denied' },
    dsl: { filter: [{ term: { 'event.action': 'flow_denied' } }] },
    kuery: 'event.action: "flow_denied"',
  },
  {
    title: 'a number',
    where: { 'destination.port': 22 },
    dsl: { filter: [{ term: { 'destination.port': 22 } }] },
    kuery: 'destination.port: 22',
  },
  {
    title: 'false',
    where: { 'cloudconnexa.allowed': false },
    dsl: { filter: [{ term: { 'cloudconnexa.allowed': false } }] },
    kuery: 'cloudconnexa.allowed: false',
  },
  {
    title: 'alternatives',
    where: { 'destination.port': [22, 3389] },
    dsl: { filter: [{ terms: { 'destination.port': [22, 3389] } }] },
    kuery: 'destination.port: (22 or 3389)',
  },
  {
    title: 'something there',
    where: { 'user.name': { exists: true } },
    dsl: { filter: [{ exists: { field: 'user.name' } }] },
    kuery: 'user.name: *',
  },
  {
    title: 'nothing there',
    where: { 'user.name': { exists: false } },
    dsl: { must_not: [{ exists: { field: 'user.name' } }] },
    kuery: 'not user.name: *',
  },
  {
    title: 'none of several',
    where: { 'network.transport': { not: ['udp', 'icmp'] } },
    dsl: { must_not: [{ terms: { 'network.transport': ['udp', 'icmp'] } }] },
    kuery: 'not network.transport: ("udp" or "icmp")',
  },
  {
    title: 'addresses of a network',
    where: { 'source.ip': { cidr: ['10.0.0.0/8'] } },
    dsl: { filter: [{ term: { 'source.ip': '10.0.0.0/8' } }] },
    kuery: 'source.ip: "10.0.0.0/8"',
  },
  {
    title: 'bounds',
    where: { 'destination.port': { gte: 1, lt: 1024 } },
    dsl: { filter: [{ range: { 'destination.port': { gte: 1, lt: 1024 } } }] },
    kuery: 'destination.port >= 1 and destination.port < 1024',
  },
  {
    title: 'several conditions',
    where: { 'event.action': 'flow_denied', 'user.name': { not: 'ann' }, 'destination.port': 22 },
    dsl: {
      filter: [{ term: { 'event.action': 'flow_denied' } }, { term: { 'destination.port': 22 } }],
      must_not: [{ term: { 'user.name': 'ann' } }],
    },
    kuery: 'event.action: "flow_denied" and not user.name: "ann" and destination.port: 22',
  },
];

describe('where', () => {
  for (const { title, where, dsl, kuery } of words) {
    it(`says ${title} in both query languages`, () => {
      expect(toDsl(where)).to.deep.equal({ bool: dsl });
      expect(toKuery(where)).to.equal(kuery);
    });
  }

  it('means all documents when it has no conditions', () => {
    expect(toDsl({})).to.deep.equal({ match_all: {} });
    expect(toKuery({})).to.equal('');
  });

  it('keeps the operators and quotation marks of a text as text', () => {
    expect(toKuery({ 'user.name': 'x" or user.name: *\\' })).to.equal('user.name: "x\\" or user.name: *\\\\"');
  });

  it('tells its fields', () => {
    expect(fieldsOf({ 'user.name': 'ann', 'source.ip': { exists: true } })).to.deep.equal(['user.name', 'source.ip']);
  });

  it('has a schema that takes every word and nothing else', () => {
    const isWhere = new Ajv({ strict: true, strictTypes: false }).compile(whereSchema);
    expect(words.filter(({ where }) => !isWhere(where)).map(({ title }) => title)).to.deep.equal([]);
    const bad = [{}, [], null, { exists: 'yes' }, { is: 1 }, { not: [] }, { cidr: '10.0.0.0/8' }, { gte: 1, up_to: 2 }];
    expect(bad.filter((condition) => isWhere({ field: condition }))).to.deep.equal([]);
  });
});
