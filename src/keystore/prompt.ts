import { on } from 'node:events';
import { createInterface } from 'node:readline';
import { Writable, type Readable } from 'node:stream';
import { ConnectorError } from '../errors.js';

/** Where a person can be asked. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
  /** Ends the question. */
  readonly signal: AbortSignal;
}

export function isTerminal({ stdin }: Pick<Terminal, 'stdin'>): boolean {
  return stdin.isTTY === true;
}

/** One line from the terminal, which does not show it. @throws ConnectorError CCX_KEYSTORE_VALUE when the input ends instead */
export async function askHidden(question: string, terminal: Terminal): Promise<string> {
  const [answer = ''] = await ask([question], terminal);
  return answer;
}

/** As `askHidden`, asked twice. @throws ConnectorError CCX_KEYSTORE_VALUE also when the answers differ */
export async function askTwice(question: string, terminal: Terminal): Promise<string> {
  const [answer = '', again] = await ask([question, 'The same again'], terminal);
  if (answer !== again) throw new ConnectorError('CCX_KEYSTORE_VALUE', 'the two entries differ');
  return answer;
}

async function ask(questions: readonly string[], { stdin, stderr, signal }: Terminal): Promise<string[]> {
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silence, terminal: true, historySize: 0 });
  // In raw mode Ctrl-C is a character; it has to mean what it means everywhere.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const typed = on(lines, 'line', { signal, close: ['close'] });
  try {
    const answers: string[] = [];
    for (const question of questions) {
      stderr.write(`${question}: `);
      answers.push(await nextLine(typed).finally(() => stderr.write('\n')));
    }
    return answers;
  } finally {
    lines.close();
  }
}

async function nextLine(typed: AsyncIterator<unknown>): Promise<string> {
  const next = await typed.next().catch(() => undefined);
  const event: unknown = next?.done === true ? undefined : next?.value;
  if (!Array.isArray(event)) throw new ConnectorError('CCX_KEYSTORE_VALUE', 'the input ended before an answer');
  return String(event[0]);
}
