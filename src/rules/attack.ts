import { ConnectorError } from '../errors.js';

/** A tactic or technique of MITRE ATT&CK for enterprises. */
export interface AttackEntry {
  /** `TA0007`, `T1046`, `T1021.001`. */
  readonly id: string;
  readonly name: string;
  readonly url: string;
}

export interface Tactic extends AttackEntry {
  /** As ATT&CK's kill chain phases and Sigma's tags call it: `lateral-movement`. */
  readonly phase: string;
}

export interface Technique extends AttackEntry {
  readonly tactics: readonly Tactic[];
  /** Of a sub-technique the technique. */
  readonly parent?: Technique;
}

/** ATT&CK 18.1, in the order of its matrix: the tactics of the techniques below. */
const TACTICS = {
  'initial-access': ['TA0001', 'Initial Access'],
  persistence: ['TA0003', 'Persistence'],
  'privilege-escalation': ['TA0004', 'Privilege Escalation'],
  'defense-evasion': ['TA0005', 'Defense Evasion'],
  'credential-access': ['TA0006', 'Credential Access'],
  discovery: ['TA0007', 'Discovery'],
  'lateral-movement': ['TA0008', 'Lateral Movement'],
  'command-and-control': ['TA0011', 'Command and Control'],
  exfiltration: ['TA0010', 'Exfiltration'],
} as const;

type Phase = keyof typeof TACTICS;

/** The techniques that rules name, and those of the sub-techniques among them. */
const TECHNIQUES: Readonly<Record<string, readonly [name: string, ...tactics: Phase[]]>> = {
  T1021: ['Remote Services', 'lateral-movement'],
  'T1021.001': ['Remote Desktop Protocol', 'lateral-movement'],
  'T1021.002': ['SMB/Windows Admin Shares', 'lateral-movement'],
  'T1021.004': ['SSH', 'lateral-movement'],
  'T1021.005': ['VNC', 'lateral-movement'],
  'T1021.006': ['Windows Remote Management', 'lateral-movement'],
  T1040: ['Network Sniffing', 'credential-access', 'discovery'],
  T1046: ['Network Service Discovery', 'discovery'],
  T1048: ['Exfiltration Over Alternative Protocol', 'exfiltration'],
  T1071: ['Application Layer Protocol', 'command-and-control'],
  T1078: ['Valid Accounts', 'initial-access', 'persistence', 'privilege-escalation', 'defense-evasion'],
  T1133: ['External Remote Services', 'initial-access', 'persistence'],
  T1187: ['Forced Authentication', 'credential-access'],
  T1210: ['Exploitation of Remote Services', 'lateral-movement'],
  T1562: ['Impair Defenses', 'defense-evasion'],
  'T1562.007': ['Disable or Modify Cloud Firewall', 'defense-evasion'],
  'T1562.008': ['Disable or Modify Cloud Logs', 'defense-evasion'],
  T1566: ['Phishing', 'initial-access'],
};

/** The techniques of the table. */
export function techniques(): Technique[] {
  return Object.keys(TECHNIQUES).map(techniqueOf);
}

/** @throws ConnectorError CCX_RULE_INVALID for a technique that the table lacks */
export function techniqueOf(id: string): Technique {
  const found = TECHNIQUES[id];
  if (found === undefined) {
    throw new ConnectorError('CCX_RULE_INVALID', `An alert rule names a technique that src/rules/attack.ts lacks`, {
      place: id,
    });
  }
  const [name, ...phases] = found;
  const [parent, sub] = id.split('.');
  return {
    id,
    name,
    url: `https://attack.mitre.org/techniques/${id.replace('.', '/')}`,
    tactics: phases.map(tacticOf),
    ...(sub !== undefined && parent !== undefined && { parent: techniqueOf(parent) }),
  };
}

/** The tactics of some techniques, each once, in the order of the matrix. */
export function tacticsOf(found: readonly Technique[]): Tactic[] {
  const phases = new Set(found.flatMap(({ tactics }) => tactics.map(({ phase }) => phase)));
  return Object.keys(TACTICS)
    .filter((phase) => phases.has(phase))
    .map((phase) => tacticOf(phase as Phase));
}

function tacticOf(phase: Phase): Tactic {
  const [id, name] = TACTICS[phase];
  return { id, name, phase, url: `https://attack.mitre.org/tactics/${id}` };
}
