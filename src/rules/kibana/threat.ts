import { tacticsOf, techniqueOf, type AttackEntry, type Technique } from '../attack.js';

interface Reference {
  readonly id: string;
  readonly name: string;
  readonly reference: string;
}

/** One tactic with its techniques, as Kibana keeps ATT&CK. */
export interface Threat {
  readonly framework: 'MITRE ATT&CK';
  readonly tactic: Reference;
  readonly technique: readonly (Reference & { readonly subtechnique?: readonly Reference[] })[];
}

/** One entry a tactic; a technique that serves several is in each. */
export function threatOf(attack: readonly string[]): Threat[] {
  const named = attack.map(techniqueOf);
  return tacticsOf(named).map((tactic) => ({
    framework: 'MITRE ATT&CK',
    tactic: referenceTo(tactic),
    technique: techniquesOf(named.filter(({ tactics }) => tactics.some(({ id }) => id === tactic.id))),
  }));
}

function techniquesOf(named: readonly Technique[]): Threat['technique'] {
  const tops = new Map(named.map((technique) => technique.parent ?? technique).map((top) => [top.id, top]));
  return [...tops.values()].map((top) => {
    const subs = named.filter(({ parent }) => parent?.id === top.id).map(referenceTo);
    return { ...referenceTo(top), ...(subs.length > 0 && { subtechnique: subs }) };
  });
}

/** Kibana's own references end with a slash. */
function referenceTo({ id, name, url }: AttackEntry): Reference {
  return { id, name, reference: `${url}/` };
}
