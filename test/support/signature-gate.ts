import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { packagePath } from '../../src/package-root.js';
import { motoPython } from './moto.js';

export interface GateOptions {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly token?: string;
  readonly region?: string;
  readonly service?: 'es' | 'aoss';
  /** How far the gate's clock is ahead of this machine's, in seconds. */
  readonly aheadS?: number;
  /** Gets the requests whose signature is right. */
  readonly behind?: string;
}

export interface SignatureGate {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts an HTTP server that takes only requests that botocore, too, would have signed like this. */
export async function startSignatureGate(options: GateOptions): Promise<SignatureGate> {
  const { accessKey, secretKey, token = '-', region = 'eu-central-1', service = 'es', aheadS = 0, behind } = options;
  const args = [
    accessKey,
    secretKey,
    token,
    region,
    service,
    String(aheadS),
    ...(behind === undefined ? [] : [behind]),
  ];
  const program = packagePath('test/third-party/signature_gate.py');
  const child = spawn(await motoPython(), [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const [port] = (await Promise.race([once(createInterface(child.stdout), 'line'), exit])) as [string];
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      child.stdin.end();
      await exit;
    },
  };
}
