import { systemClock } from '../clock.js';
import { inputName } from '../input-account.js';
import { oneLine } from '../printable.js';
import { probeInput, type Finding } from '../source/probe.js';
import type { ConfigContext } from './context.js';

/**
 * Looks whether each input can be read, and says what is wrong and what to do. Reads no event and changes nothing.
 * @returns 0 when no input fails, otherwise 1.
 * @throws ConnectorError CCX_CONFIG_INVALID
 */
export async function testInputsCommand(
  context: Pick<ConfigContext, 'loadConfig' | 'stdout' | 'redact' | 'signal'>,
): Promise<number> {
  const { stdout, redact, signal } = context;
  const { inputs } = await context.loadConfig({ inputs: true, output: false });
  let failed = false;
  for (const input of inputs) {
    const findings = await probeInput(input, { signal, clock: systemClock });
    failed ||= findings.some(({ level }) => level === 'failed');
    for (const finding of findings) {
      // A server may repeat what it was sent.
      const told = lines(inputName(input), finding).map((line) => oneLine(redact(line)));
      stdout.write(`${told.join('\n')}\n`);
    }
  }
  return failed ? 1 : 0;
}

function lines(name: string, finding: Finding): string[] {
  switch (finding.level) {
    case 'ok':
      return [`ok      ${name}: ${finding.text}`];
    case 'warn':
      return [`warning ${name}: ${finding.text}`, `        fix: ${finding.remedy}`];
    case 'failed': {
      const { code, message, place, remedy } = finding.error;
      const at = place === undefined ? '' : `, at ${place}`;
      return [`failed  ${name}: ${code}: ${message}${at}`, `        fix: ${remedy}`];
    }
  }
}
