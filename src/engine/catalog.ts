import { ConnectorError } from '../errors.js';

export type EngineId = 'opensearch-3' | 'opensearch-2' | 'elasticsearch-9' | 'elasticsearch-8';
export type EngineKind = 'opensearch' | 'elasticsearch';

/** One engine that can be fetched and started: a server zip of Maven Central, which brings no JDK of its own. */
export interface EngineSpec {
  readonly id: EngineId;
  readonly kind: EngineKind;
  /** As a person says it: `OpenSearch 3.8.0`. */
  readonly name: string;
  readonly version: string;
  /** Maven coordinates, `group:artifact:version:packaging`. */
  readonly coordinates: string;
  /** Lowest Java feature release it starts on. */
  readonly minJava: number;
  /** Highest one, where a newer one is known to fail. */
  readonly maxJava?: number;
  /** A plugin that its own tool installs into it, in the same notation. */
  readonly plugin?: string;
}

function openSearch(id: EngineId, version: string, java: Pick<EngineSpec, 'minJava' | 'maxJava'>): EngineSpec {
  const coordinates = `org.opensearch.distribution.integ-test-zip:opensearch:${version}:zip`;
  return { id, kind: 'opensearch', name: `OpenSearch ${version}`, version, coordinates, ...java };
}

function elasticsearch(id: EngineId, version: string, minJava: number): EngineSpec {
  const coordinates = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${version}:zip`;
  return { id, kind: 'elasticsearch', name: `Elasticsearch ${version}`, version, coordinates, minJava };
}

/** The engines the connector is tested on, the fullest one first. Only `opensearch-3` has ingest processors. */
export const engineCatalog: readonly EngineSpec[] = [
  openSearch('opensearch-3', '3.8.0', { minJava: 21 }),
  // 2.19 asks for the security manager, which Java 24 removed: the JVM then refuses to start.
  openSearch('opensearch-2', '2.19.6', { minJava: 11, maxJava: 23 }),
  elasticsearch('elasticsearch-9', '9.5.3', 21),
  elasticsearch('elasticsearch-8', '8.19.20', 17),
];

/**
 * The catalog's entry of an id.
 * @throws ConnectorError `CCX_ENGINE_UNKNOWN`
 */
export function engineSpec(id: string): EngineSpec {
  const spec = engineCatalog.find((entry) => entry.id === id);
  if (spec) return spec;
  const known = engineCatalog.map((entry) => entry.id).join(', ');
  throw new ConnectorError('CCX_ENGINE_UNKNOWN', `There is no engine '${id}'`, { remedy: `Choose one of ${known}.` });
}
