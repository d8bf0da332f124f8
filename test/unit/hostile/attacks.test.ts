import { expect } from 'chai';
import { createBatcher } from '../../../src/batch.js';
import { createMapper, mapContext } from '../../../src/map/mapper.js';
import type { JsonObject, JsonValue, MappedEvent } from '../../../src/record.js';
import { createValidator } from '../../../src/validate.js';
import { readAttacks } from '../../hostile/fixtures.js';
import { bodyFault } from '../../support/bulk-body.js';
import { hostileTexts } from '../../support/hostile-texts.js';
import { decodeAll, events, rejects } from '../decode/support.js';

const mapper = createMapper();
const validate = createValidator();
const context = mapContext(new Date('2026-01-02T03:04:05Z'), { input: 's3', bucket: 'b', key: '../../x\n"}}{' });

/** What is at a path, by keys of the value's own alone. */
function at(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  const [key, ...rest] = path;
  if (key === undefined || value === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return at((value as JsonObject)[key], rest);
}

describe('attacks by input', function () {
  this.timeout(60_000);

  for (const { name, attack, bytes: make, limits, expected } of readAttacks().map((one) => ({
    ...one,
    bytes: () => one.bytes,
  }))) {
    it(`${name}: ${attack}`, async () => {
      const found = await decodeAll(make(), limits);
      const mapped = events(found).map((event) => mapper.map(event, validate, context));
      expect(rejects(found).map(({ reason }) => reason)).to.deep.equal(expected.rejects);
      if (expected.events !== null) expect(mapped).to.have.length(expected.events);
      expect(mapped.length).to.be.at.least(expected.atLeast ?? 0);
      const batcher = createBatcher({ maxBytes: 1 << 25, maxEvents: 1 << 20 });
      const stream = { id: name, origin: { input: 'stdin' } };
      for (const [i, event] of events(found).entries()) batcher.add(mapped[i] as MappedEvent, event, stream);
      expect(bodyFault(batcher.take()?.body ?? Buffer.alloc(0), mapped.length)).to.equal(undefined);
      const ids = new Set(mapped.map(({ id }) => id));
      if (expected.ids !== undefined) expect(ids.size).to.equal(expected.ids === 'same' ? 1 : mapped.length);
      for (const { event, path, value } of expected.documents ?? []) {
        const document = JSON.parse(mapped[event]?.source ?? '') as JsonObject;
        expect(at(document, path), path.join(' > ')).to.deep.equal(value);
      }
      expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
    });
  }
});

describe('names as an attacker chooses them', () => {
  for (const [name, text] of Object.entries(hostileTexts)) {
    it(`are kept as they are, and their documents are one line: ${name}`, () => {
      const event = {
        timestamp: '2026-01-01T00:00:00Z',
        eventName: 'flow-established',
        initiatorName: text,
        log: { sourceEntityName: text },
      };
      const { source } = mapper.map({ text: JSON.stringify(event), value: event }, validate, context);
      expect(source).not.to.match(/[\n\r]/);
      const document = JSON.parse(source) as JsonObject;
      const kept = text.toWellFormed();
      expect(at(document, ['cloudconnexa', 'source', 'entity', 'name'])).to.equal(kept);
      expect(at(document, ['cloudconnexa', 'initiator', 'name'])).to.equal(kept);
    });
  }
});
