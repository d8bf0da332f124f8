#!/usr/bin/env node
/**
 * argv -> command -> exit code. Each command's code is imported only when it runs, so that `map` starts fast.
 *
 * | command         | module                | export, called with                                                 |
 * |-----------------|-----------------------|---------------------------------------------------------------------|
 * | map [FILE…]     | commands/map.ts       | mapCommand(files: readonly string[], { withId }, context)           |
 * | setup           | commands/setup.ts     | setupCommand({ dryRun, only, json, force }, context)                |
 * | run             | commands/run.ts       | runCommand({ once }, context)                                       |
 * | status          | commands/status.ts    | statusCommand({ json }, context)                                    |
 * | test config     | commands/test.ts      | testConfigCommand(context)                                          |
 * | test output     | commands/test.ts      | testOutputCommand(context)                                          |
 * | uninstall       | commands/uninstall.ts | uninstallCommand({ dryRun, data, json }, context)                   |
 * | export <dir>    | commands/export.ts    | exportCommand(dir, context)                                         |
 * | reject list     | commands/reject.ts    | rejectListCommand({ json }, context)                                |
 * | reject replay   | commands/reject.ts    | rejectReplayCommand(context)                                        |
 * | demo            | commands/demo.ts      | demoCommand({ hosts, keep, seed, events }, context)                 |
 * | config example  | commands/config.ts    | configExampleCommand(context)                                       |
 * | config show     | commands/config.ts    | configShowCommand({ json }, context)                                |
 *
 * All return `Promise<number>`, the exit code. Types: withId, dryRun, json, force, once, data, keep are `boolean`
 * (always given); only and hosts are `readonly string[]` (empty: everything, start an engine); seed and events are
 * `number | undefined`.
 */
export {};
