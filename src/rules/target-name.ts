import type { Rule } from './spec.js';

/** A rule's name in targets, where it stands among those of other sources: `CloudConnexa: Port scan of a host`. */
export function targetName({ title }: Rule): string {
  return `CloudConnexa: ${title}`;
}
