import { errorKinds } from '../errors.js';
import { ownVersion } from '../install/ownership.js';
import { loadManifest, type ManifestAsset } from '../manifest.js';
import { ask, asList, asObject, isOk, path, type Answer } from '../target/answer.js';
import { untold, type Check, type CheckContext, type CheckResult } from './check.js';

const needed = {
  elasticsearch: 'the cluster privilege monitor',
  opensearch: 'the cluster permission indices:admin/index_template/get',
};

/** Whether what makes our data streams is installed, ours, and as new as this release. */
export const templateCheck: Check = { subject: 'templates', look: checkTemplate };

async function checkTemplate(context: CheckContext): Promise<CheckResult> {
  const { client, engine } = context;
  const { assets } = loadManifest();
  const index = assets.find(({ kind }) => kind === 'index_template');
  if (index === undefined) throw new Error('manifest.json has no index template');
  const answer = await ask(client, 'GET', path`/_index_template/${index.name}`);
  if (answer.status === 404) return missing(index.name);
  if (isOk(answer)) return judge(index, answer, await askComponents(context, index.name));
  if (answer.status === 403 && engine === 'elasticsearch') return simulate(context, index.name);
  return seenByRun(untold(answer, engine, needed));
}

function missing(name: string): CheckResult {
  const { remedy } = errorKinds.CCX_SETUP_MISSING;
  return { level: 'missing', code: 'CCX_SETUP_MISSING', text: `the index template ${name} is not installed`, remedy };
}

function seenByRun(result: CheckResult): CheckResult {
  if (result.level !== 'unknown') return result;
  return { ...result, text: `${result.text}; status, with a user that may look, shows them` };
}

function askComponents({ client }: CheckContext, name: string): Promise<Answer> {
  return ask(client, 'GET', path`/_component_template/${name}` + '@*?filter_path=*.name,*.component_template._meta');
}

interface Installed {
  readonly asset: ManifestAsset;
  /** Undefined for somebody else's. */
  readonly version: number | undefined;
}

function judge(index: ManifestAsset, template: Answer, components: Answer): CheckResult {
  const { index_template: body } = asObject(asList(asObject(template.body).index_templates)[0]);
  const all: Installed[] = [{ asset: index, version: ownVersion(body) }, ...installedComponents(components)];
  const foreign = all.filter(({ version }) => version === undefined);
  if (foreign.length > 0) {
    const text = `${names(foreign)} was not installed by cloudconnexa-ecs: events may be stored with other types`;
    return { level: 'warning', code: 'CCX_ASSET_FOREIGN', text, remedy: errorKinds.CCX_ASSET_FOREIGN.remedy };
  }
  const old = all.filter(({ asset, version = 0 }) => version < asset.version);
  if (old.length > 0) {
    const text = `older than this release: ${old.map(spokenVersion).join(', ')}`;
    return { level: 'warning', code: 'CCX_SETUP_OUTDATED', text, remedy: errorKinds.CCX_SETUP_OUTDATED.remedy };
  }
  return { level: 'ok', text: `${names(all)} are installed` };
}

/** Those of ours that the cluster has; it refuses an index template whose components are missing. */
function installedComponents(answer: Answer): Installed[] {
  const found = asList(asObject(answer.body).component_templates).map(asObject);
  return loadManifest().assets.flatMap((asset) => {
    const one = asset.kind === 'component_template' ? found.find(({ name }) => name === asset.name) : undefined;
    return one === undefined ? [] : [{ asset, version: ownVersion(one.component_template) }];
  });
}

function names(all: readonly Installed[]): string {
  return all.map(({ asset }) => asset.name).join(', ');
}

function spokenVersion({ asset, version }: Installed): string {
  return `${asset.name} (version ${version} of ${asset.version})`;
}

/**
 * Elasticsearch lets those who may only write try a document that is not stored, and checks it against the mapping that
 * the template, or the data stream, gives (seen on 8.19 and 9.5). 9.x shows that mapping; 8.x complains of a value that
 * our mapping refuses, and where it does not complain nothing is known.
 */
async function simulate({ client, namespace }: CheckContext, name: string): Promise<CheckResult> {
  const stream = `${name}.flow-${namespace}`;
  const source = { '@timestamp': '2026-01-01T00:00:00Z', cloudconnexa: { allowed: 'neither true nor false' } };
  const answer = await ask(client, 'POST', path`/_ingest/${stream}/_simulate`, {
    docs: [{ _id: 'cloudconnexa-ecs-probe', _source: source }],
  });
  const { doc } = asObject(asList(asObject(answer.body).docs)[0]);
  const { error, ignored_fields: ignored, effective_mapping: mapping } = asObject(doc);
  const refused = JSON.stringify([error, ignored] satisfies unknown[]).includes('cloudconnexa.allowed');
  const mapped = asObject(asObject(asObject(mapping)._doc).properties).cloudconnexa !== undefined;
  if (isOk(answer) && (refused || mapped))
    return { level: 'ok', text: `${stream} has, or will get, the types of our template` };
  if (isOk(answer) && mapping !== undefined) return missing(name);
  return seenByRun({ level: 'unknown', text: `the credentials may not look; ${needed.elasticsearch} would tell` });
}
