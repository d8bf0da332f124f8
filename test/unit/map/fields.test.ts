import { expect } from 'chai';
import { invalidNames, targetFields } from '../../../src/map/fields.js';
import { loadMappings } from '../../../src/map/list.js';
import { mapEvent } from '../../../src/map/event.js';

describe('map: where values that do not fit are kept', () => {
  const lists = loadMappings();

  it('has a name of its own for each field of an event', () => {
    for (const event of lists.events) {
      const names = [...invalidNames(event).values()];
      expect(names.length, event.event).to.equal(new Set(names).size);
    }
  });

  it('leaves the names of flows as they are, without log. in front', () => {
    const flow = lists.events.find(({ event }) => event === 'flow-established');
    if (flow === undefined) throw new Error('no list of flows');
    const names = [...invalidNames(flow)];
    expect(names.filter(([vendor, name]) => name !== vendor.replace(/^log\./, ''))).to.deep.equal([]);
  });

  it('keeps a field of log apart from the header field of the same name', () => {
    const { document } = mapEvent({
      timestamp: '2026-01-01T00:00:00Z',
      eventName: 'traffic-blocked',
      category: ['header'],
      log: { category: ['log'], eventName: { x: 1 }, protocol: [6] },
    });
    expect(document).to.have.nested.property('cloudconnexa.invalid').that.deep.equals({
      category: '["header"]',
      log_category: '["log"]',
      log_eventName: '{"x":1}',
      protocol: '[6]',
    });
  });

  it('has each of these names in the template', () => {
    const fields = new Set(targetFields(lists).map(({ name }) => name));
    for (const event of lists.events) {
      for (const name of invalidNames(event).values()) expect(fields).to.include(`cloudconnexa.invalid.${name}`);
    }
  });
});
