import { startServer, type Server } from '../start-server.js';

/** What the sink saw since the tally before. */
export interface Tally {
  /** Documents, counted in the bodies. */
  readonly items: number;
  /** Bulk requests. */
  readonly requests: number;
  /** Bytes of their bodies as sent. */
  readonly wireBytes: number;
  /** Requests of other kinds. */
  readonly asked: number;
  /** CPU time of the sink itself. */
  readonly cpuSeconds: number;
}

export type Sink = Server<Tally>;

export function startSink(): Promise<Sink> {
  return startServer('sink/main.ts');
}
