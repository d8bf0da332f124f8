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
 * | test config     | commands/test-config.ts | testConfigCommand(context)                                        |
 * | test output     | commands/test-output.ts | testOutputCommand(context)                                        |
 * | test inputs     | commands/test-inputs.ts | testInputsCommand(context)                                        |
 * | uninstall       | commands/uninstall.ts | uninstallCommand({ dryRun, data, json }, context)                   |
 * | export …        | commands/export.ts    | exportCommand(args, context)                                        |
 * | reject list     | commands/reject.ts    | rejectListCommand({ json }, context)                                |
 * | reject replay   | commands/reject.ts    | rejectReplayCommand(context)                                        |
 * | reject drop     | commands/reject-drop.ts | rejectDropCommand({ ids, reasons, all }, context)                 |
 * | preview         | commands/preview.ts   | previewCommand({ port }, context)                                   |
 * | demo            | commands/demo.ts      | demoCommand({ hosts, keep, seed, events, preview }, context)        |
 * | config example  | commands/config.ts    | configExampleCommand(context)                                       |
 * | config show     | commands/config.ts    | configShowCommand({ json }, context)                                |
 * | keystore create | commands/keystore.ts  | keystoreCreateCommand({ password }, context)                        |
 * | keystore set    | commands/keystore.ts  | keystoreSetCommand(name, { stdin }, context)                        |
 * | keystore list   | commands/keystore.ts  | keystoreListCommand(context)                                        |
 * | keystore remove | commands/keystore.ts  | keystoreRemoveCommand(name, context)                                |
 * | keystore passwd | commands/keystore.ts  | keystorePasswdCommand({ stdin, password }, context)                 |
 *
 * All return `Promise<number>`, the exit code. Types: withId, dryRun, json, force, once, data, keep, stdin, password are `boolean`
 * (always given); only and hosts are `readonly string[]` (empty: everything, start an engine); seed and events are
 * `number | undefined`; preview `boolean | undefined`; args `readonly string[]`.
 */
import { constants } from 'node:os';
import { main, reportFailure, type Io } from './cli/main.js';
import { redactAll } from './cli/redacted.js';
import { Secrets } from './redact.js';

const stop = new AbortController();
let stoppedBy: 'SIGINT' | 'SIGTERM' | undefined;

function onSignal(signal: 'SIGINT' | 'SIGTERM'): void {
  // The second one: whoever sends it does not want to wait for the drain.
  if (stoppedBy !== undefined) process.exit(128 + constants.signals[signal]);
  stoppedBy = signal;
  stop.abort();
}
process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);

// `cloudconnexa-ecs map … | head` closes the pipe early; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// The AWS SDK tells developers about versions of Node.js, in plain text among the log's JSON lines.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

// A diagnostic report holds the environment, and secrets may be there; where Node.js can leave it out, it does (22.13 and later).
if (process.report !== undefined) Object.assign(process.report, { excludeEnv: true });

const { stdin, stdout, stderr, env } = process;
const secrets = new Secrets();
const log = redactAll(stderr, secrets);
const io: Io = { stdin, stdout, stderr, log, env, signal: stop.signal, secrets };
process.on('uncaughtException', (error) => process.exit(reportFailure(error, io, false)));

const exitCode = await main(process.argv.slice(2), io);
// Whatever still keeps the event loop alive, an idle connection for instance, does not keep the process.
stdout.write('', () => process.exit(stoppedBy === undefined ? exitCode : 128 + constants.signals[stoppedBy]));
