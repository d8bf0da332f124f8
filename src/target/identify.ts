import type { Client } from '@elastic/elasticsearch';
import { ConnectorError } from '../errors.js';
import { ask, asObject, isOk, type Answer } from './answer.js';
import type { Engine, Target } from './capability.js';
import { impostorOf, isEngineError } from './impostor.js';
import { inRange } from './version.js';

type Identity = Pick<Target, 'engine' | 'version' | 'flavor'>;

/**
 * Says what runs there: `GET /` names OpenSearch by `version.distribution`; Elasticsearch marks every answer with a
 * header, so that it is known even where `GET /` is refused or missing.
 * @param setting `output.engine`: anything but `auto` is believed unless the cluster says that it is the other.
 * @param supported Version range per engine, as in manifest.json.
 * @throws ConnectorError CCX_OUTPUT_UNSUPPORTED, CCX_OUTPUT_DENIED, CCX_OUTPUT_UNREACHABLE
 */
export async function identify(
  client: Client,
  setting: 'auto' | Engine,
  supported: Readonly<Record<Engine, string>>,
): Promise<Identity> {
  const root = await ask(client, 'GET', '/');
  const told = isOk(root) ? asObject(asObject(root.body).version) : {};
  const engine = setting === 'auto' ? engineOf(root, told) : believed(setting, root, told);
  const node = told.number === undefined ? await localNode(client) : {};
  const version = text(told.number) ?? text(node.version);
  const flavor = text(told.distribution) ?? text(told.build_flavor) ?? text(node.build_flavor);
  if (version !== undefined && !inRange(version, supported[engine])) {
    throw new ConnectorError('CCX_OUTPUT_UNSUPPORTED', `This is ${engine} ${version}; ${supported[engine]} is needed`, {
      place: 'output.hosts',
    });
  }
  return { engine, version, flavor };
}

/** A setting that the cluster itself contradicts would only make its version look wrong. */
function believed(setting: Engine, root: Answer, told: Told): Engine {
  const seen = seenEngine(root, told);
  if (seen === undefined || seen === setting) return setting;
  throw new ConnectorError('CCX_OUTPUT_UNSUPPORTED', `output.engine is ${setting}, but this is ${seen}`, {
    place: 'output.engine',
    remedy: `Set output.engine to ${seen} or auto, or correct output.hosts.`,
  });
}

type Told = Readonly<Record<string, unknown>>;

function seenEngine(root: Answer, told: Told): Engine | undefined {
  if (told.distribution === 'opensearch') return 'opensearch';
  if (root.headers['x-elastic-product'] === 'Elasticsearch') return 'elasticsearch';
  // Elasticsearch before 7.14 has no header, but a number; the version check turns it away with a better message.
  const old = told.number !== undefined && told.distribution === undefined && told.build_flavor !== undefined;
  return old ? 'elasticsearch' : undefined;
}

function engineOf(root: Answer, told: Told): Engine {
  const seen = seenEngine(root, told);
  if (seen !== undefined) return seen;
  if (root.status === 403 && isEngineError(root.body)) {
    throw new ConnectorError('CCX_OUTPUT_DENIED', 'The cluster does not say what it is: GET / is refused', {
      place: 'output.engine',
      remedy: 'Grant the privilege monitor (OpenSearch: cluster:monitor/main), or set output.engine.',
    });
  }
  const impostor = impostorOf(root);
  const what = impostor === undefined ? 'it names no known engine' : `it is ${impostor.what}`;
  const message = `what answers is not Elasticsearch or OpenSearch: ${what} (HTTP ${root.status})`;
  const remedy = impostor?.remedy ?? 'Check output.hosts; where a proxy hides GET /, set output.engine.';
  throw new ConnectorError('CCX_OUTPUT_UNSUPPORTED', message, { place: 'output.hosts', remedy });
}

/** Minimal builds have no `GET /`; hosted ones have no `_nodes`: one of the two usually answers. */
async function localNode(client: Client): Promise<Readonly<Record<string, unknown>>> {
  const answer = await ask(client, 'GET', '/_nodes/_local?filter_path=nodes.*.version,nodes.*.build_flavor');
  const nodes = isOk(answer) ? asObject(asObject(answer.body).nodes) : {};
  return asObject(Object.values(nodes)[0]);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
