import { resolve } from 'node:path';
import type { Clock } from '../clock.js';
import type { InputConfig } from '../config.js';
import type { ConnectorError } from '../errors.js';
import { findFiles, pathFault, tryLook } from './find.js';

/** What was found out about an input without reading events. */
export type Finding =
  | { readonly level: 'ok'; readonly text: string }
  | { readonly level: 'warn'; readonly text: string; readonly remedy: string }
  | { readonly level: 'failed'; readonly error: ConnectorError };

export interface ProbeOptions {
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** Looks whether an input can be read, and changes nothing. Throws the signal's reason on an abort only. */
export async function probeInput(input: InputConfig, options: ProbeOptions): Promise<readonly Finding[]> {
  switch (input.type) {
    case 'stdin':
      return [{ level: 'ok', text: 'read once, to its end' }];
    case 'file':
      return probeFiles(input.paths);
    case 's3':
      return (await import('./s3/probe.js')).probeBucket(input, options);
    case 'sqs':
      return (await import('./sqs/probe.js')).probeQueue(input, options);
  }
}

async function probeFiles(paths: readonly string[]): Promise<Finding[]> {
  const { files, faults: notFound, unmatched } = await findFiles(paths.map((path) => resolve(path)));
  const faults = [...notFound];
  for (const { path } of files) await tryLook(path, faults);
  return [
    ...faults.map((fault): Finding => ({ level: 'failed', error: pathFault(fault) })),
    ...unmatched.map((path): Finding => ({
      level: 'warn',
      text: `no file matches ${path}`,
      remedy: 'Check the path; files may also come later.',
    })),
    ...(files.length > 0
      ? [{ level: 'ok', text: `${files.length} ${files.length === 1 ? 'file' : 'files'}` } as const]
      : []),
  ];
}
