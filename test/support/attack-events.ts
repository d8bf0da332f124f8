import { createMapper, mapContext } from '../../src/map/mapper.js';
import { createValidator } from '../../src/validate.js';
import { readAttacks, type Attack } from '../hostile/fixtures.js';
import { decodeAll, events, rejects } from '../unit/decode/support.js';

const mapper = createMapper();
const validate = createValidator();
const context = mapContext(new Date());

/** What the library makes of an attack. */
export interface AttackEvents {
  readonly attack: Attack;
  readonly ids: readonly string[];
  readonly rejected: number;
}

/** The attacks that decode to events under the default limits. */
export async function attacksWithEvents(): Promise<AttackEvents[]> {
  const found: AttackEvents[] = [];
  for (const attack of readAttacks().filter(({ limits }) => limits === undefined)) {
    const decoded = await decodeAll(attack.bytes);
    const ids = events(decoded).map((event) => mapper.map(event, validate, context).id);
    if (ids.length > 0) found.push({ attack, ids, rejected: rejects(decoded).length });
  }
  return found;
}
