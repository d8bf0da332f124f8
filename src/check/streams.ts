import { errorKinds } from '../errors.js';
import { ask, asObject, isOk, path } from '../target/answer.js';
import { readOnly, type BlockKind } from '../target/blocks.js';
import { untold, type Check, type CheckContext, type CheckResult } from './check.js';

const needed = {
  elasticsearch: 'the index privilege view_index_metadata on logs-cloudconnexa.*-*',
  opensearch: 'the index permission indices:monitor/settings/get on logs-cloudconnexa.*-*',
};

/** Whether the data streams that are there take events. */
export const streamsCheck: Check = { subject: 'data streams', look: checkStreams };

async function checkStreams({ client, engine, namespace }: CheckContext): Promise<CheckResult> {
  const target = path`/logs-cloudconnexa.*-${namespace}` + settingsOfInterest;
  const answer = await ask(client, 'GET', target);
  if (!isOk(answer)) return untold(answer, engine, needed);
  const indices = writeIndices(asObject(answer.body));
  const blocked = indices.flatMap((index) => index.block ?? []);
  if (blocked.length > 0) return readOnlyStreams(indices);
  const plain = indices.filter(({ stream, name }) => stream === name);
  if (plain.length > 0) return notStreams(plain);
  if (indices.length === 0)
    return { level: 'ok', text: `none yet of namespace ${namespace}; the first events make them` };
  return { level: 'ok', text: `${indices.length} of namespace ${namespace}, none of them read-only` };
}

// index.provided_name is there for every index; an index without any of the settings asked for is not listed.
const settingsOfInterest =
  '/_settings/index.blocks.*,index.verified_before_close,index.provided_name?flat_settings=true&expand_wildcards=all';

/** The index that events for a data stream are written to. */
interface WriteIndex {
  readonly name: string;
  /** The same as `name` for an index that is no part of a data stream. */
  readonly stream: string;
  readonly generation: number;
  readonly block: BlockKind | undefined;
}

/** `.ds-<data stream>-[<date>-]<generation>`: both engines' names of backing indices. Closed backing indices of old do not matter. */
function writeIndices(listed: Readonly<Record<string, unknown>>): readonly WriteIndex[] {
  const last = new Map<string, WriteIndex>();
  for (const [name, { settings }] of Object.entries(listed).map(([key, value]) => [key, asObject(value)] as const)) {
    const [, stream, digits] = /^\.ds-(.+?)(?:-\d{4}\.\d\d\.\d\d)?-(\d{6,})$/.exec(name) ?? [name, name, '0'];
    const index = { name, stream: stream ?? name, generation: Number(digits), block: blockOf(asObject(settings)) };
    // Indices that a lifecycle has shrunk or restored have other names, and are never written to.
    if (!index.stream.startsWith('logs-cloudconnexa.')) continue;
    if (index.generation >= (last.get(index.stream)?.generation ?? 0)) last.set(index.stream, index);
  }
  return [...last.values()].sort((a, b) => (a.stream < b.stream ? -1 : 1));
}

function blockOf(settings: Readonly<Record<string, unknown>>): BlockKind | undefined {
  if (settings['index.verified_before_close'] === 'true') return 'closed';
  const kinds = ['read_only_allow_delete', 'read_only', 'write'] as const;
  return kinds.find((kind) => settings[`index.blocks.${kind}`] === 'true');
}

/** One sentence for each kind of block: a full disk blocks all of them at once. */
function readOnlyStreams(indices: readonly WriteIndex[]): CheckResult {
  const kinds = [...new Set(indices.flatMap(({ block }) => block ?? []))];
  const told = kinds.map((kind) => {
    const names = indices.filter(({ block }) => block === kind).map(({ name }) => name);
    return readOnly(names.join(','), kind);
  });
  const text = told.map(({ message }) => message).join('; ');
  return { level: 'failed', code: 'CCX_OUTPUT_READ_ONLY', text, remedy: told.map(({ remedy }) => remedy).join(' ') };
}

function notStreams(plain: readonly WriteIndex[]): CheckResult {
  const { remedy } = errorKinds.CCX_OUTPUT_NOT_STREAM;
  const text = `not a data stream but an index, made before setup with guessed types: ${plain.map(({ name }) => name).join(', ')}`;
  return { level: 'warning', code: 'CCX_OUTPUT_NOT_STREAM', text, remedy };
}
