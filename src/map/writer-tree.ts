import type { Leaf, Tree } from './writer-plan.js';

/** The members of documents of events that hold nothing unusual. */
export function usual(tree: Tree): Tree {
  return replaced(tree, (leaf) => {
    if (leaf.usually === undefined) return leaf;
    return leaf.usually === '' ? undefined : { kind: 'fixed', text: leaf.usually, needs: new Set() };
  });
}

function replaced(tree: Tree, change: (leaf: Leaf) => Leaf | undefined): Tree {
  const result: Tree = new Map();
  for (const [key, node] of tree) {
    const changed = node instanceof Map ? replaced(node, change) : change(node);
    if (changed !== undefined && !(changed instanceof Map && changed.size === 0)) result.set(key, changed);
  }
  return result;
}
