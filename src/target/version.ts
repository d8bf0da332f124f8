/** Numbers of a version, `8.19.4-SNAPSHOT` -> [8, 19, 4]; missing ones are 0. */
function parts(version: string): [number, number, number] {
  const [numbers = ''] = version.split('-');
  const [major, minor, patch] = numbers.split('.').map(Number);
  return [major ?? 0, minor ?? 0, patch ?? 0];
}

function compare(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  const i = left.findIndex((number, at) => number !== right[at]);
  return i < 0 ? 0 : (left[i] ?? 0) - (right[i] ?? 0);
}

/** Whether a version lies in a range of the form `>=8 <10`. */
export function inRange(version: string, range: string): boolean {
  return range.split(' ').every((bound) => {
    if (bound.startsWith('>=')) return compare(version, bound.slice(2)) >= 0;
    return compare(version, bound.slice(1)) < 0;
  });
}
