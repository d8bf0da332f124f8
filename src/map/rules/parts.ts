import { endpoint, flowNetwork, flowSource, flowVerdict, TO } from './message.js';
import { networkDigests } from './network.js';
import { hostId, hostName } from './related.js';
import type { RuleEnvironment } from './index.js';

/** What some of a rule's arguments decide alone; undefined and an empty text are nothing. */
export interface Part {
  /** Numbers of the arguments that `make` takes. */
  readonly args: readonly number[];
  // The rule's own arguments, of types that only it knows.
  readonly make: (...args: never[]) => string | undefined;
}

/** `before` and then `name (address)`, or what there is of it; nothing when there is neither. */
export interface PlacePart {
  readonly before: string;
  readonly name: Part;
  readonly address: Part;
}

/**
 * How a rule's result comes of parts. `list`: each that is there, once, in their order. `text`: one behind the other. `digests`: all that
 * the rule asks of its arguments, so that results can be kept by them.
 */
export type RuleParts =
  | { readonly kind: 'list'; readonly parts: readonly Part[] }
  | { readonly kind: 'text'; readonly parts: readonly (Part | PlacePart)[] }
  | { readonly kind: 'digests'; readonly parts: readonly Part[] };

const itself = (value: string | undefined): string | undefined => value;

/**
 * The rules that have parts. Whatever is made of parts is the rule's own result: `rules/` makes it of the same functions, and tests
 * compare.
 */
export function partsFor({ ip }: RuleEnvironment): Readonly<Record<string, (count: number) => RuleParts>> {
  const each = (count: number): RuleParts => ({
    kind: 'list',
    parts: Array.from({ length: count }, (_, i) => ({ args: [i], make: itself })),
  });
  const address = (text: string | undefined): string | undefined => networkDigests.address(ip, text);
  return {
    related_ip: each,
    related_user: each,
    related_hosts: () => ({
      kind: 'list',
      parts: [
        { args: [0, 2], make: hostName },
        { args: [0, 1], make: hostId },
        { args: [3, 5], make: hostName },
        { args: [3, 4], make: hostId },
      ],
    }),
    network: () => ({
      kind: 'digests',
      parts: [
        { args: [0], make: address },
        { args: [1], make: address },
        { args: [2], make: networkDigests.parentType },
      ],
    }),
    flow_message: () => ({
      kind: 'text',
      parts: [
        { args: [0, 1], make: flowVerdict },
        { args: [2, 3, 4, 5, 6], make: flowSource },
        { before: TO, name: { args: [7], make: itself }, address: { args: [8, 9], make: endpoint } },
        { args: [10], make: flowNetwork },
      ],
    }),
  };
}
