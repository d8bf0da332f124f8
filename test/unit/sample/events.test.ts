import { expect } from 'chai';
import { loadMappings, OTHER } from '../../../src/map/list.js';
import { createMapper, mapContext } from '../../../src/map/mapper.js';
import type { JsonObject } from '../../../src/record.js';
import { sampleEvents, sampleFlows } from '../../../src/sample/events.js';
import { createValidator } from '../../../src/validate.js';

interface SampleEvent {
  readonly timestamp: string;
  readonly eventName: string;
  readonly log?: { readonly clientSessionId?: string };
}

const end = new Date('2026-02-03T04:05:06Z');
const texts = [...sampleEvents({ seed: 5, count: 20_000, end })];
const events = texts.map((text) => JSON.parse(text) as SampleEvent);

describe('sample events', () => {
  it('are as many as wanted, all different, and the same for the same seed', () => {
    expect(texts.length).to.equal(20_000);
    expect(new Set(texts).size).to.equal(texts.length);
    expect([...sampleEvents({ seed: 5, count: 20_000, end })]).to.deep.equal(texts);
    expect([...sampleEvents({ seed: 6, count: 1, end })]).to.not.deep.equal(texts.slice(0, 1));
  });

  it('are as many as wanted also when they are few', () => {
    for (const count of [1, 2, 7]) expect([...sampleEvents({ seed: 5, count, end })].length).to.equal(count);
  });

  it('have every event that has a field list, and flows for the most part', () => {
    const counts = new Map<string, number>();
    for (const { eventName } of events) counts.set(eventName, (counts.get(eventName) ?? 0) + 1);
    const listed = loadMappings().events.map(({ event }) => event);
    expect([...counts.keys()]).to.have.members(listed.filter((event) => event !== OTHER));
    expect(counts.get('flow-established')).to.be.above(events.length * 0.9);
  });

  it('come in order of time, the last at the end', () => {
    const seconds = events.map(({ timestamp }) => timestamp.slice(0, 19));
    expect([...seconds].sort()).to.deep.equal(seconds);
    expect(seconds.at(-1)).to.equal('2026-02-03T04:05:06');
  });

  it('connect a session before its flows and its end, and end it once', () => {
    const open = new Set<string | undefined>();
    const astray: SampleEvent[] = [];
    for (const event of events) {
      const id = event.log?.clientSessionId;
      if (event.eventName === 'client-connected') open.add(id);
      if (event.eventName === 'flow-established' && !open.has(id)) astray.push(event);
      if (event.eventName === 'client-disconnected' && !open.delete(id)) astray.push(event);
    }
    expect(astray).to.deep.equal([]);
  });

  it('are mapped without anything that is not known, and all but five fit', () => {
    const [mapper, validate] = [createMapper(), createValidator()];
    const documents = texts.map((text) => {
      const value = JSON.parse(text) as JsonObject;
      return JSON.parse(mapper.map({ text, value }, validate, mapContext(end)).source) as {
        event: { kind: string };
        cloudconnexa: { invalid?: object };
      };
    });
    expect(documents.filter(({ cloudconnexa }) => 'unmapped' in cloudconnexa)).to.deep.equal([]);
    const odd = documents.filter(({ event }) => event.kind === 'pipeline_error');
    expect(odd.map(({ cloudconnexa }) => cloudconnexa.invalid)).to.deep.equal(
      Array.from({ length: 5 }, () => ({ destinationPort: 'any' })),
    );
  });

  it('are flows alone when only flows are wanted', () => {
    const flows = [...sampleFlows({ seed: 5, count: 500, end })].map((text) => JSON.parse(text) as SampleEvent);
    expect(flows.length).to.equal(500);
    expect(new Set(flows.map(({ eventName }) => eventName))).to.deep.equal(new Set(['flow-established']));
  });
});
