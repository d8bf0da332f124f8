import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { ConnectorError } from '../errors.js';
import type { EngineKind, EngineSpec } from './catalog.js';
import { endGroup, hasEnded, launch, signalGroup, type LaunchOptions } from './process.js';
import { logTail, waitUntilReady, type Outcome, type SecureAccess } from './ready.js';

/** An engine that was started by this process and answers on 127.0.0.1. */
export interface RunningEngine {
  readonly spec: EngineSpec;
  readonly kind: EngineKind;
  readonly version: string;
  /** `http://127.0.0.1:port`, or https where TLS was asked for. The same after a restart. */
  readonly url: string;
  /** Leader of the engine's process group. */
  readonly pid: number;
  readonly dataDir: string;
  /** What the engine wrote on stdout and stderr. */
  readonly logFile: string;
  /** Ends it in an orderly way and removes its data. */
  stop(): Promise<void>;
  /** Ends it at once (SIGKILL) and keeps its data: what a power cut leaves. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port, ending it first where it still runs. Resolves when it is ready. */
  restart(): Promise<void>;
}

export interface RunPlan extends LaunchOptions {
  readonly url: string;
  readonly startTimeoutMs: number;
  readonly access?: SecureAccess | undefined;
}

const running = new Set<EngineProcess>();

/** A signal can end this process without this event: then the watcher in the engine's group does the same. */
process.on('exit', () => {
  for (const engine of running) engine.abandon();
});

export class EngineProcess implements RunningEngine {
  private child: ChildProcess | undefined;

  constructor(private readonly plan: RunPlan) {}

  get spec(): EngineSpec {
    return this.plan.spec;
  }
  get kind(): EngineKind {
    return this.plan.spec.kind;
  }
  get version(): string {
    return this.plan.spec.version;
  }
  get url(): string {
    return this.plan.url;
  }
  get pid(): number {
    return this.child?.pid ?? 0;
  }
  get dataDir(): string {
    return this.plan.folders.data;
  }
  get logFile(): string {
    return this.plan.folders.console;
  }

  /** @throws ConnectorError `CCX_ENGINE_START_FAILED` with the end of its log; the process is gone then */
  async start(): Promise<void> {
    const child = launch(this.plan);
    this.child = child;
    running.add(this);
    const launchFault = new Promise<Error>((resolve) => child.once('error', resolve));
    const { url, startTimeoutMs, access } = this.plan;
    const outcome = await waitUntilReady(url, () => hasEnded(child), { timeoutMs: startTimeoutMs, access });
    if (outcome.state === 'ready') return;
    await endGroup(child, 'SIGKILL');
    throw await this.startFault(outcome, child.pid === undefined ? await launchFault : undefined);
  }

  private async startFault(outcome: Outcome, cause: Error | undefined): Promise<ConnectorError> {
    const { spec, startTimeoutMs, folders } = this.plan;
    const late = outcome.state === 'too_late' && `was not ready after ${startTimeoutMs / 1000} s: ${outcome.last}`;
    const said = cause?.message ?? (await logTail(folders.console));
    const message = `${spec.name} ${late || 'ended while it started'}. It said:\n${said}\n`;
    return new ConnectorError('CCX_ENGINE_START_FAILED', message, { place: spec.id, cause });
  }

  async stop(): Promise<void> {
    if (this.child) await endGroup(this.child, 'SIGTERM');
    running.delete(this);
    await rm(this.plan.folders.root, { recursive: true, force: true, maxRetries: 5 });
  }

  async kill(): Promise<void> {
    if (this.child) await endGroup(this.child, 'SIGKILL');
  }

  async restart(): Promise<void> {
    if (this.child) await endGroup(this.child, 'SIGTERM');
    await this.start();
  }

  /** For the end of this process, where nothing can be awaited. */
  abandon(): void {
    if (this.plan.outlivesParent || this.child === undefined) return;
    signalGroup(this.child, 'SIGKILL');
    rmSync(this.plan.folders.root, { recursive: true, force: true, maxRetries: 3 });
  }
}
