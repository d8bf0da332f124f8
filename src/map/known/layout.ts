import { canonicalOrder } from '../canonical.js';
import type { EventMapping, VendorField } from '../list.js';

/** A key of an event: a field of the list, or an older name of one. */
export interface ScanKey {
  readonly field: VendorField;
  /** As it stands in the event, in the header or in `log`. */
  readonly key: string;
  readonly inLog: boolean;
}

/** Neighbours in the vendor's order whose bytes are one stretch, as they belong to one group; or one key that is copied. */
export interface Run {
  readonly inLog: boolean;
  readonly keys: readonly ScanKey[];
  readonly owner: number | 'copied' | 'loose';
}

/** Fields whose values are looked up together: what is made of them alone is kept by the bytes of their runs. */
export interface KnownGroup {
  readonly fields: readonly VendorField[];
  /** Numbers of its runs. */
  readonly runs: readonly number[];
  /** The key of a declared repeat: its value leads to what is kept. Of other groups their runs do. */
  readonly key: string | undefined;
}

/** How events of one list stand in bytes when they are written as the vendor writes them, and what belongs together there. */
export interface Layout {
  readonly event: string;
  readonly runs: readonly Run[];
  /** The repeats that the list declares, then one group for each run of other fields; of a list without repeats, one for all. */
  readonly groups: readonly KnownGroup[];
  readonly declared: number;
  /** Fields that only go to the document as they are, with the number of their run. */
  readonly copied: readonly { readonly field: VendorField; readonly run: number }[];
  /** The keys of `log` in canonical order when that is another one than the vendor's. */
  readonly canonicalLog: readonly string[] | undefined;
}

/** Works out the layout of a list's events. */
export function layoutOf(mapping: EventMapping): Layout {
  const runs = runsOf(mapping);
  const numbered = runs.map((run, number) => ({ run, number }));
  const declared = mapping.repeats.map(({ key }, owner) =>
    group(
      numbered.filter(({ run }) => run.owner === owner),
      key,
    ),
  );
  const others = numbered.filter(({ run }) => run.owner === 'loose');
  // Where nothing is said to repeat, making all at once is cheaper than making much and joining it.
  const loose = declared.length > 0 ? others.map((one) => [one]) : others.length > 0 ? [others] : [];
  const copied = numbered.filter(({ run }) => run.owner === 'copied');
  return {
    event: mapping.event,
    runs,
    groups: [...declared, ...loose.map((members) => group(members, undefined))],
    declared: declared.length,
    copied: copied.flatMap(({ run, number }) => run.keys.map(({ field }) => ({ field, run: number }))),
    canonicalLog: canonicalLog(mapping),
  };
}

function group(members: readonly { run: Run; number: number }[], key: string | undefined): KnownGroup {
  const fields = new Set(members.flatMap(({ run }) => run.keys.map(({ field }) => field)));
  return { fields: [...fields], runs: members.map(({ number }) => number), key };
}

function runsOf(mapping: EventMapping): Run[] {
  const owners = new Map(mapping.fields.map((field) => [field, ownerOf(mapping, field)]));
  const runs: (Run & { keys: ScanKey[] })[] = [];
  for (const field of mapping.fields) {
    const owner = owners.get(field) ?? 'loose';
    const inLog = field.vendor.startsWith('log.');
    const keys = [field.vendor, ...field.aliases].map((name) => ({ field, key: inLog ? name.slice(4) : name, inLog }));
    const last = runs.at(-1);
    if (last !== undefined && owner !== 'copied' && last.owner === owner && last.inLog === inLog)
      last.keys.push(...keys);
    else runs.push({ inLog, keys, owner });
  }
  return runs;
}

function ownerOf(mapping: EventMapping, field: VendorField): Run['owner'] {
  const repeat = mapping.repeats.findIndex(({ key, fields }) => key === field.vendor || fields.includes(field.vendor));
  if (repeat >= 0) return repeat;
  return isCopied(mapping, field) ? 'copied' : 'loose';
}

/** Whether the field's text goes to its places as it is, and nothing else depends on it. The event's time always does. */
function isCopied(mapping: EventMapping, { vendor, fits, to, aliases }: VendorField): boolean {
  if (fits === 'timestamp') return true;
  if (fits !== 'text' || aliases.length > 0) return false;
  if (to.some(({ as, when }) => as !== undefined || when !== undefined)) return false;
  const names = new Set([vendor, ...to.map((place) => place.field)]);
  const asked = mapping.fields.flatMap((field) => field.to.flatMap(({ when }) => Object.keys(when ?? {})));
  return ![...asked, ...mapping.rules.flatMap(({ from }) => from)].some((name) => names.has(name));
}

function canonicalLog(mapping: EventMapping): string[] | undefined {
  const written = mapping.fields.filter(({ vendor }) => vendor.startsWith('log.')).map(({ vendor }) => vendor.slice(4));
  const { log } = canonicalOrder(mapping);
  const order = [...log, ...written.filter((key) => !log.includes(key)).sort()];
  return order.every((key, i) => key === written[i]) ? undefined : order;
}
