import { startServer, type Server } from '../start-server.js';

/** A bucket full of objects. */
export interface Shape {
  readonly objects: number;
  /** In each object. */
  readonly events: number;
  readonly form: 'gz' | 'json';
}

/** What was read, as stored. */
export interface Reads {
  readonly gets: number;
  readonly bytes: number;
}

/** Its `url` is for `endpoint`; the bucket's name does not matter. */
export function startBucket(shape: Shape): Promise<Server<Reads>> {
  return startServer('bucket/main.ts', [JSON.stringify(shape)]);
}
