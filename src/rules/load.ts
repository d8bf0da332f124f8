import { readFileSync, readdirSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { parse } from 'yaml';
import { ConnectorError } from '../errors.js';
import { packagePath } from '../package-root.js';
import { durationMs } from './period.js';
import { ruleSchema } from './schema.js';
import type { Detect, EvidenceCase, EvidenceEvents, Rule } from './spec.js';

const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
const validate = ajv.compile<unknown>(ruleSchema);

let loaded: readonly Rule[] | undefined;

/**
 * The alert rules of this package, `rules/<id>.yml`, in order of their ids.
 * @throws ConnectorError CCX_RULE_INVALID that lists all faults of all files, one a line, each with its file and path
 */
export function loadRules(): readonly Rule[] {
  loaded ??= readRules(packagePath('rules'));
  return loaded;
}

/** The same for any folder, read anew. */
export function readRules(folder: string): readonly Rule[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yml'));
  const files = names.sort().map((name) => readRule(folder, name));
  const faults = [...files.flatMap((file) => file.faults), ...sharedUuids(files)];
  if (faults.length > 0) {
    throw new ConnectorError('CCX_RULE_INVALID', ['Alert rules have faults:', ...faults].join('\n  '), {
      place: folder,
    });
  }
  return files.flatMap(({ rule }) => rule ?? []);
}

interface RuleFile {
  readonly name: string;
  readonly rule?: Rule;
  readonly faults: readonly string[];
}

function readRule(folder: string, name: string): RuleFile {
  let value: unknown;
  try {
    value = parse(readFileSync(`${folder}/${name}`, 'utf8'));
  } catch (error) {
    return { name, faults: [`${name}: ${(error as Error).message.split('\n', 1)[0]}`] };
  }
  if (!validate(value))
    return { name, faults: faultsOf(value, validate.errors ?? []).map((fault) => `${name}${fault}`) };
  const rule = ruleOf(name.slice(0, -'.yml'.length), value as RawRule);
  return { name, rule, faults: windowFaults(rule).map((fault) => `${name}${fault}`) };
}

type Raw = Readonly<Record<string, unknown>>;
interface RawRule extends Raw {
  readonly detect: Raw;
  readonly evidence: Readonly<Record<'fires' | 'silent', readonly (Raw & { readonly events: readonly Raw[] })[]>>;
}

function ruleOf(id: string, raw: RawRule): Rule {
  const { fires, silent } = raw.evidence;
  return {
    ...camelKeys(raw),
    id,
    detect: camelKeys(raw.detect) as unknown as Detect,
    evidence: { fires: fires.map(caseOf), silent: silent.map(caseOf) },
  } as unknown as Rule;
}

function caseOf(raw: Raw & { readonly events: readonly Raw[] }): EvidenceCase {
  const events = raw.events.map((event) => ({ times: 1, gap: '1s', with: {}, stored: {}, ...event }) as EvidenceEvents);
  return { ...raw, events } as unknown as EvidenceCase;
}

/** Of the object itself only: what is deeper may be fields of events. */
function camelKeys(raw: Raw): Raw {
  const camel = (key: string): string => key.replace(/_[a-z]/g, (part) => part.charAt(1).toUpperCase());
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [camel(key), value]));
}

/** What a run does not look at, because the one before it came too long ago, would never be found. */
function windowFaults({ window, every }: Rule): string[] {
  return durationMs(every) <= durationMs(window) ? [] : ['/every must not be longer than window'];
}

/** `detect` has one shape per kind: only the faults of the kind that was meant help. */
function faultsOf(value: unknown, errors: readonly ErrorObject[]): string[] {
  const kinds = ruleSchema.properties.detect.oneOf as readonly { properties?: { kind?: { const?: string } } }[];
  const meant = (value as { detect?: { kind?: unknown } } | null)?.detect?.kind;
  const at = kinds.findIndex(({ properties }) => properties?.kind?.const === meant);
  const inDetect = /\/properties\/detect\/oneOf(?:\/(\d+))?/;
  const helpful = errors.filter(({ schemaPath }) => {
    const match = inDetect.exec(schemaPath);
    return match === null || (at >= 0 && match[1] === String(at));
  });
  const unknownKind = at < 0 && typeof meant === 'string' ? [`/detect/kind must not be ${meant}`] : [];
  return [...helpful.map(fault), ...unknownKind];
}

function fault({ instancePath, message, keyword, params }: ErrorObject): string {
  const { allowedValues, additionalProperty } = params as { allowedValues?: unknown[]; additionalProperty?: string };
  const more =
    keyword === 'enum' ? `: ${(allowedValues ?? []).join(', ')}` : additionalProperty ? `: ${additionalProperty}` : '';
  return `${instancePath || '/'} ${message ?? 'is wrong'}${more}`;
}

function sharedUuids(files: readonly RuleFile[]): string[] {
  const owners = new Map<string, string>();
  return files.flatMap(({ name, rule }) => {
    if (rule === undefined) return [];
    const owner = owners.get(rule.uuid);
    owners.set(rule.uuid, name);
    return owner === undefined ? [] : [`${name}/uuid is that of ${owner}`];
  });
}
