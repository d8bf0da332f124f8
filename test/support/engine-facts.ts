import type { RunningEngine } from '../../src/engine/index.js';

interface NodeFacts {
  readonly version: string;
  readonly jvm?: { readonly version: string };
  readonly modules?: readonly { readonly name: string }[];
  readonly ingest?: { readonly processors: readonly { readonly type: string }[] };
}

/** What the engine says about itself in one line, for the head of its tests. */
export async function describeEngine(engine: RunningEngine): Promise<string> {
  const answer = await fetch(`${engine.url}/_nodes/_local/jvm,plugins,ingest`);
  const { nodes } = (await answer.json()) as { nodes: Record<string, NodeFacts> };
  const node = Object.values(nodes)[0];
  const modules = node?.modules?.length ?? 0;
  const processors = node?.ingest?.processors.length ?? 0;
  return `${engine.kind} ${node?.version} on Java ${node?.jvm?.version}: ${modules} modules, ${processors} ingest processors`;
}
