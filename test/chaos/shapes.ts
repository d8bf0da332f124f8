import { aws, manyObjects, objects } from './families/aws.js';
import { disk } from './families/disk.js';
import { server, streams } from './families/engine.js';
import { files } from './families/files.js';
import { clock, processes } from './families/process.js';
import { outage } from './families/outage.js';
import { lockedOut, refusals, wire } from './families/wire.js';
import type { Family } from './fault.js';
import type { MemoryRule } from './memory.js';

/** Which faults a run has; and by which rule the memory of the process is judged, which has to live on for that. */
export interface Shape {
  readonly families: (run: { readonly kills: number; readonly forMs: number }) => readonly Family[];
  readonly memory?: MemoryRule;
}

export const shapes = {
  all: {
    families: ({ kills, forMs }) => [
      wire,
      refusals,
      lockedOut(forMs),
      streams,
      server(forMs),
      processes(kills, forMs),
      clock,
      disk,
      files,
      objects,
      manyObjects(forMs),
      aws,
    ],
  },
  wire: { families: () => [wire, refusals, files] },
  engine: { families: ({ forMs }) => [streams, server(forMs), files] },
  process: { families: ({ kills, forMs }) => [processes(kills, forMs), clock, files] },
  disk: { families: () => [disk, files] },
  inputs: { families: ({ forMs }) => [files, objects, manyObjects(forMs), aws] },
  outage: { families: ({ forMs }) => [outage(forMs)], memory: 'bounded' },
  soak: { families: () => [], memory: 'flat' },
} as const satisfies Record<string, Shape>;

export type ShapeName = keyof typeof shapes;

export function isShape(name: string): name is ShapeName {
  return Object.hasOwn(shapes, name);
}
