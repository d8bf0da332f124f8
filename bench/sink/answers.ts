import { meta } from '../../src/install/ownership.js';
import { loadManifest, type ManifestAsset } from '../../src/manifest.js';

/** What an engine names of each item when no filter is given; the id differs, which nobody who counts looks at. */
const WHOLE_ITEM =
  '{"create":{"_index":".ds-logs-cloudconnexa.flow-default-2026.01.01-000001","_id":"0198c0ffee00-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",' +
  '"_version":1,"result":"created","_shards":{"total":1,"successful":1,"failed":0},"_seq_no":1000000,"_primary_term":1,"status":201}}';
const STATUS_ITEM = '{"create":{"status":201}}';

const answers = new Map<string, string>();

/** The answer to a bulk request whose items were all stored, with as much in it as `filter_path` asks for. */
export function bulkAnswer(query: URLSearchParams, items: number): string {
  const filter = query.get('filter_path') ?? '';
  const key = `${items} ${filter}`;
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = http(makeBulkAnswer(filter, items));
  answers.set(key, answer);
  return answer;
}

function makeBulkAnswer(filter: string, items: number): string {
  const list = (item: string): string => `"items":[${Array.from({ length: items }, () => item).join()}]`;
  if (filter === '') return `{"took":1,"errors":false,${list(WHOLE_ITEM)}}`;
  const fields = filter.split(',');
  const parts: string[] = [];
  if (fields.includes('errors')) parts.push('"errors":false');
  if (fields.some((field) => /^items\.(\*|create)\.status$/.test(field))) parts.push(list(STATUS_ITEM));
  return `{${parts.join()}}`;
}

/** What a cluster answers on which everything is installed and nothing is stored yet. */
export function otherAnswer(path: string): string {
  if (path === '/') return http({ version: { number: '9.5.3', build_flavor: 'default' } });
  if (path.endsWith('/_simulate')) return http({ docs: [{ doc: {} }] });
  if (path.startsWith('/_index_template/'))
    return http({
      index_templates: ofKind('index_template').map(({ name, _meta }) => ({ name, index_template: { _meta } })),
    });
  if (path.startsWith('/_component_template/'))
    return http({
      component_templates: ofKind('component_template').map(({ name, _meta }) => ({
        name,
        component_template: { _meta },
      })),
    });
  if (path.startsWith('/_resolve/index/')) return http({ indices: [], aliases: [], data_streams: [] });
  return http({});
}

function ofKind(kind: ManifestAsset['kind']): { name: string; _meta: object }[] {
  const { assets } = loadManifest();
  return assets.filter((asset) => asset.kind === kind).map((asset) => ({ name: asset.name, _meta: meta(asset) }));
}

export function http(body: string | object): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const head = ['HTTP/1.1 200 OK', 'content-type: application/json', 'x-elastic-product: Elasticsearch'];
  return [...head, `content-length: ${Buffer.byteLength(text)}`, '', text].join('\r\n');
}
