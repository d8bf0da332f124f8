/** Sets one name to 1, 2, 3 … in the keystore that the argument names, and says each number when it is stored; for a test that kills it. */
import { changeKeystore } from '../../../src/keystore/store.js';

const [, , path = ''] = process.argv;
const weight = 'x'.repeat(60_000);
for (let n = 1; ; n += 1) {
  const edit = (entries: Map<string, string>): void => void entries.set('N', `${n} ${weight}`);
  await changeKeystore(path, { password: undefined, edit });
  process.stdout.write(`${n}\n`);
}
