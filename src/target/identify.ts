import type { Client } from '@elastic/elasticsearch';
import { ConnectorError } from '../errors.js';
import { ask, asObject, isOk, type Answer } from './answer.js';
import type { Engine, Target } from './capability.js';
import { inRange } from './version.js';

type Identity = Pick<Target, 'engine' | 'version' | 'flavor'>;

/**
 * Says what runs there: `GET /` names OpenSearch by `version.distribution`; Elasticsearch marks every answer with a
 * header, so that it is known even where `GET /` is refused or missing.
 * @param setting `output.engine`: anything but `auto` is believed.
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
  const engine = setting === 'auto' ? engineOf(root, told) : setting;
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

function engineOf(root: Answer, told: Readonly<Record<string, unknown>>): Engine {
  if (told.distribution === 'opensearch') return 'opensearch';
  if (root.headers['x-elastic-product'] === 'Elasticsearch') return 'elasticsearch';
  // Elasticsearch before 7.14 has no header, but a number; the version check turns it away with a better message.
  if (told.number !== undefined && told.distribution === undefined && told.build_flavor !== undefined) {
    return 'elasticsearch';
  }
  if (root.status === 403) {
    throw new ConnectorError('CCX_OUTPUT_DENIED', 'The cluster does not say what it is: GET / is refused', {
      place: 'output.engine',
      remedy: 'Grant the privilege monitor (OpenSearch: cluster:monitor/main), or set output.engine.',
    });
  }
  throw new ConnectorError('CCX_OUTPUT_UNSUPPORTED', `GET / answers ${root.status} and names no known engine`, {
    place: 'output.hosts',
    remedy: 'Check output.hosts; where a proxy hides GET /, set output.engine.',
  });
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
