import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { pythonWith } from './python-venv.js';

const VERSION = '5.2.5';
const START_TIMEOUT_MS = 60_000;

/** Ends with its parent, whichever way that ends: the pipe on stdin closes then. */
const PROGRAM = `
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from moto.server import main
main(["-H", "127.0.0.1", "-p", "0"])
`;

/** A running moto server: S3, SQS, SNS and STS in memory, over HTTP. */
export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a moto server on a free port of 127.0.0.1, from a virtual environment of its own beside the engines' cache,
 * which is made at the first use.
 * @throws MissingPrerequisite without Python 3.9 with venv, or when the packages cannot be had.
 */
export async function startMoto(): Promise<Moto> {
  const python = await motoPython();
  const child = spawn(python, ['-c', PROGRAM], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], PYTHONUNBUFFERED: '1' },
  });
  const url = await announced(child);
  return {
    url,
    async stop() {
      if (child.exitCode !== null) return;
      child.stdin?.end();
      await once(child, 'exit');
    },
  };
}

/** The address that the server prints when it listens. */
function announced(child: ChildProcess): Promise<string> {
  let told = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
    // Read on to the end: a full pipe would stop the server.
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (told.length > 100_000) return;
      told += text;
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(told)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`moto did not start:\n${told}`));
    });
  });
}

/** The `python` that has moto, and botocore with it. */
export function motoPython(): Promise<string> {
  return pythonWith({
    name: `moto-${VERSION}`,
    packages: [`moto[server]==${VERSION}`],
    minMinor: 9,
    purpose: 'The S3 and SQS counterpart',
  });
}
