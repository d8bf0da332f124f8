/** Settings by dotted path inside nested plain objects and lists. Only own keys count: `__proto__` in a file is just an unknown key. */

export type Tree = Record<string, unknown>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, `undefined` when a part of the way is missing. */
export function getAt(root: unknown, path: string): unknown {
  let node = root;
  for (const key of path.split('.')) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    node = Object.getOwnPropertyDescriptor(node, key)?.value;
  }
  return node;
}

/** Sets the value at a path, making the objects on the way. @returns false when something else than an object is on the way. */
export function setAt(root: Tree, path: string, value: unknown): boolean {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let node: unknown = root;
  for (const key of keys) {
    if (isTree(node) && getOwn(node, key) === undefined) define(node, key, {});
    node = getOwn(node, key);
  }
  if (typeof node !== 'object' || node === null) return false;
  define(node, last, value);
  return true;
}

export function removeAt(root: unknown, path: string): void {
  const cut = path.lastIndexOf('.');
  const parent = cut < 0 ? root : getAt(root, path.slice(0, cut));
  if (typeof parent === 'object' && parent !== null) Reflect.deleteProperty(parent, path.slice(cut + 1));
}

/** Every value that is not an object or list, with its path. */
export function* leaves(node: unknown, path = ''): Generator<readonly [path: string, value: unknown]> {
  if (typeof node !== 'object' || node === null) {
    yield [path, node];
    return;
  }
  for (const [key, value] of Object.entries(node)) yield* leaves(value, path === '' ? key : `${path}.${key}`);
}

function getOwn(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null && Object.hasOwn(node, key)
    ? Object.getOwnPropertyDescriptor(node, key)?.value
    : undefined;
}

function define(node: object, key: string, value: unknown): void {
  Object.defineProperty(node, key, { value, writable: true, enumerable: true, configurable: true });
}
