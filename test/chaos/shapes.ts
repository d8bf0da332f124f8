import { aws, manyObjects, objects } from './families/aws.js';
import { disk } from './families/disk.js';
import { server, streams } from './families/engine.js';
import { files } from './families/files.js';
import { clock, processes, type Stormy } from './families/process.js';
import { outage } from './families/outage.js';
import { lockedOut, refusals, wire } from './families/wire.js';
import type { Family } from './fault.js';
import type { MemoryRule } from './memory.js';
import { weatherOf } from './weather.js';

/** Which faults a run has; and by which rule the memory of the process is judged, which has to live on for that. */
export interface Shape {
  readonly families: (run: { readonly kills: number; readonly forMs: number }) => readonly Family[];
  readonly memory?: MemoryRule;
  /** How often the process is killed when nothing else is said; a few times when left out, as it comes to ship little otherwise. */
  readonly killsAMinute?: number;
  /** Events into the growing file when nothing else is said; {@link EVENTS_PER_SECOND} when left out. */
  readonly eventsPerSecond?: number;
}

/** Of the process alone: nothing else needs calm. */
function allStorm(forMs: number): Stormy {
  return { isStorm: () => true, stormMs: forMs };
}

/** So many that their texts alone would break the bound of memory within minutes. */
const STEADY_PER_SECOND = 200;

export const shapes = {
  all: {
    families: ({ kills, forMs }) => [
      wire(forMs),
      refusals(forMs),
      lockedOut(forMs),
      streams(forMs),
      server(forMs),
      processes(kills, weatherOf(forMs)),
      clock,
      disk,
      files,
      objects,
      manyObjects(forMs),
      aws,
    ],
  },
  wire: { families: ({ forMs }) => [wire(forMs), refusals(forMs), lockedOut(forMs), files] },
  engine: { families: ({ forMs }) => [streams(forMs), server(forMs), files] },
  process: {
    families: ({ kills, forMs }) => [processes(kills, allStorm(forMs)), clock, files, objects, aws],
    killsAMinute: 17,
  },
  disk: { families: () => [disk, files] },
  inputs: { families: ({ forMs }) => [files, objects, manyObjects(forMs), aws] },
  outage: { families: ({ forMs }) => [outage(forMs)], memory: 'bounded', eventsPerSecond: STEADY_PER_SECOND },
  soak: { families: () => [], memory: 'flat', eventsPerSecond: STEADY_PER_SECOND },
} as const satisfies Record<string, Shape>;

export type ShapeName = keyof typeof shapes;

const KILLS_A_MINUTE = 4;

/** How often the process is killed in a run of a shape when nothing else is said. */
export function killsOf(name: ShapeName, minutes: number): number {
  const { killsAMinute = KILLS_A_MINUTE }: Shape = shapes[name];
  return Math.round(minutes * killsAMinute);
}

/** What a machine of two cores can ship between faults. */
const EVENTS_PER_SECOND = 25;

/** How many events a second go into the growing file of a run of a shape when nothing else is said. */
export function rateOf(name: ShapeName): number {
  const { eventsPerSecond = EVENTS_PER_SECOND }: Shape = shapes[name];
  return eventsPerSecond;
}

export function isShape(name: string): name is ShapeName {
  return Object.hasOwn(shapes, name);
}
