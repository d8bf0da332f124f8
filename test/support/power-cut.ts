import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DiskStep } from './disk-recorder.js';

/** What a disk may have after a power cut. */
export interface CutState {
  /** What was done and lost, for the message of a test that fails. */
  readonly what: string;
  /** What had been said by then. */
  readonly said: readonly string[];
  readonly folders: ReadonlySet<string>;
  readonly files: ReadonlyMap<string, Buffer>;
}

type NameStep = Extract<DiskStep, { kind: 'make' | 'create' | 'rename' | 'remove' }>;

/** What may have become of what was written to files and not synced. A length may be on disk before the bytes are. */
const FATES = ['kept', 'lost', 'torn', 'zeros'] as const;

const MANY = 4;

interface Content {
  synced: Buffer;
  now: Buffer;
}

/** The disk while the steps are done: what is on it for certain, and what is not. */
class Disk {
  readonly names = new Map<string, number>();
  readonly folders = new Set<string>();
  readonly contents = new Map<number, Content>();
  readonly said: string[] = [];
  /** Made, renamed or removed in folders that were not synced since. */
  pending: NameStep[] = [];

  do(step: DiskStep): void {
    if (step.kind === 'found') this.#found(step);
    else if (step.kind === 'said') this.said.push(step.what);
    else if (step.kind === 'sync') this.#sync(step.path, step.file);
    else if (step.kind === 'write') this.#content(step.file, (now) => Buffer.concat([now, step.bytes]));
    else if (step.kind === 'truncate') this.#content(step.file, () => Buffer.alloc(0));
    else this.pending.push(step);
  }

  #found({ folders, contents }: Extract<DiskStep, { kind: 'found' }>): void {
    for (const path of folders) this.folders.add(path);
    for (const { path, file, bytes } of contents) {
      this.names.set(path, file);
      this.contents.set(file, { synced: bytes, now: bytes });
    }
  }

  #sync(path: string, file: number | undefined): void {
    if (file !== undefined) {
      const now = this.contents.get(file)?.now ?? Buffer.alloc(0);
      this.contents.set(file, { synced: now, now });
      return;
    }
    for (const step of this.pending.filter((step) => dirname(step.path) === path))
      rename(step, this.names, this.folders);
    this.pending = this.pending.filter((step) => dirname(step.path) !== path);
  }

  #content(file: number, change: (now: Buffer) => Buffer): void {
    const { synced, now } = this.contents.get(file) ?? { synced: Buffer.alloc(0), now: Buffer.alloc(0) };
    this.contents.set(file, { synced, now: change(now) });
  }
}

function rename(step: NameStep, names: Map<string, number>, folders: Set<string>): void {
  if (step.kind === 'make') folders.add(step.path);
  else names.delete(step.path);
  if (step.kind === 'create') names.set(step.path, step.file);
  if (step.kind === 'rename') names.set(step.to, step.file);
}

/**
 * Every state that a power cut after any of the steps may leave: each choice of the names that were not synced, also out of their order, and
 * all that was not synced in files kept, lost, torn or zeros. `said` was said before the steps.
 */
export function* cutStates(steps: readonly DiskStep[], said: readonly string[] = []): Generator<CutState> {
  const disk = new Disk();
  disk.said.push(...said);
  for (const [at, step] of steps.entries()) {
    disk.do(step);
    const fates = [...disk.contents.values()].some(({ synced, now }) => synced !== now) ? FATES : FATES.slice(0, 1);
    for (const done of choices(disk.pending)) {
      for (const fate of fates)
        yield stateOf(disk, done, fate, `cut after step ${at} (${step.kind}), ${told(done)}, unsynced bytes ${fate}`);
    }
  }
}

/** Which of the steps may be on disk: any of a few, of many those up to one. */
function* choices(steps: readonly NameStep[]): Generator<readonly NameStep[]> {
  if (steps.length > MANY) for (let to = 0; to <= steps.length; to++) yield steps.slice(0, to);
  else
    for (let choice = 0; choice < 2 ** steps.length; choice++)
      yield steps.filter((_, bit) => (choice >> bit) % 2 === 1);
}

function told(done: readonly NameStep[]): string {
  return `names on disk: ${done.map(({ kind, path }) => `${kind} ${path}`).join(', ') || 'those synced'}`;
}

function stateOf(disk: Disk, done: readonly NameStep[], fate: (typeof FATES)[number], what: string): CutState {
  const [names, folders] = [new Map(disk.names), new Set(disk.folders)];
  for (const step of done) rename(step, names, folders);
  const files = new Map<string, Buffer>();
  for (const [path, file] of names) {
    const content = disk.contents.get(file);
    files.set(path, content === undefined ? Buffer.alloc(0) : left(content, fate));
  }
  return { what, said: [...disk.said], folders, files };
}

function left({ synced, now }: Content, fate: (typeof FATES)[number]): Buffer {
  const half = synced.length + Math.ceil((now.length - synced.length) / 2);
  if (fate === 'torn') return now.subarray(0, Math.max(half, 0));
  if (fate === 'zeros')
    return Buffer.concat([now.subarray(0, synced.length), Buffer.alloc(Math.max(0, now.length - synced.length))]);
  return fate === 'kept' ? now : synced;
}

/** Puts a state in the place of `folder`: what lies in a folder whose own name is lost is lost. */
export async function restore(folder: string, { folders, files }: CutState): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const path of [folder, ...folders]) await mkdir(path, { recursive: true });
  for (const [path, bytes] of files)
    if (dirname(path) === folder || folders.has(dirname(path))) await writeFile(path, bytes);
}
