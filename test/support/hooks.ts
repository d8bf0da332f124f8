import type { RootHookObject } from 'mocha';

let passed = 0;
let failed = 0;

/** Ends every run with one plain line that scripts can read: `N passed, N failed`. */
export const mochaHooks: RootHookObject = {};
process.on('exit', () => {
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
});
void passed;
void failed;
