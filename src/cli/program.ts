import { Command, Option } from 'commander';
import type { ConfigContext } from '../commands/context.js';
import { packageJson } from '../package-root.js';
import { redacted } from './redacted.js';
import { atLeast, collect, commaSeparated, wholeNumber } from './arguments.js';

/** Options that every command takes, before or after its name. */
export interface GlobalOptions {
  readonly config?: string;
  readonly set?: readonly string[];
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error';
}

/** Runs a command with the context made from the global options; its number becomes the exit code. */
export type Execute = (globals: GlobalOptions, command: (context: ConfigContext) => Promise<number>) => Promise<void>;

/** The whole command line. Each command's module is imported only when it runs. */
export function buildProgram(execute: Execute): Command {
  const program = new Command('cloudconnexa-ecs');
  const run = (command: (context: ConfigContext) => Promise<number>): Promise<void> =>
    execute(program.opts<GlobalOptions>(), command);
  program
    .description('Ships OpenVPN CloudConnexa events to Elasticsearch or OpenSearch as ECS documents.')
    .version((packageJson('package.json') as { version: string }).version, '-V, --version')
    .option('-c, --config <file>', 'configuration file (default: cloudconnexa-ecs.yml here, if there is one)')
    .option('-s, --set <path=value>', 'set one setting; may be given several times', collect)
    .addOption(new Option('--log-level <level>', 'least severe log lines').choices(['debug', 'info', 'warn', 'error']))
    .addHelpText(
      'after',
      examples(['map events.json.gz', 'setup --dry-run', 'run -c /etc/cloudconnexa-ecs.yml', 'demo']),
    );
  // Defaults such as `false` and `[]` tell nobody anything.
  program.configureHelp({ optionDescription: describeOption });
  addShipping(program, run);
  addAssets(program, run);
  addChecks(program, run);
  addKeystore(program.command('keystore'), run);
  return program;
}

type Run = (command: (context: ConfigContext) => Promise<number>) => Promise<void>;

function addShipping(program: Command, run: Run): void {
  program
    .command('map')
    .description('print the ECS document of each event, one a line; needs no cluster')
    .argument('[files...]', 'event files, gzipped or not; none or - reads the standard input')
    .option('--with-id', 'wrap each line as {"_index", "_id", "_source"}', false)
    .addHelpText('after', examples(['map events.json.gz | head -1', 'map --with-id < events.json']))
    .action((files: string[], options: { withId: boolean }) =>
      run(async (context) => (await import('../commands/map.js')).mapCommand(files, options, context)),
    );
  program
    .command('run')
    .description('ship events from the configured inputs')
    .option('--once', 'end when the inputs are exhausted and everything is stored', false)
    .addHelpText('after', examples(['run', "run --once -s inputs.0.type=file -s 'inputs.0.paths=logs/*.gz'"]))
    .action((options: { once: boolean }) =>
      run(async (context) => (await import('../commands/run.js')).runCommand(options, context)),
    );
  addReject(program.command('reject').description('look at and replay rejected events'), run);
  program
    .command('demo')
    .description('start an engine, ship generated events and show what an analyst would see')
    .option('--hosts <urls>', 'use this cluster instead of starting one; commas between several', commaSeparated)
    .option('--keep', 'leave the engine running', false)
    .option('--seed <number>', 'seed of the generated events', wholeNumber)
    .option('--events <number>', 'how many events', atLeast(1))
    .option(
      '--preview',
      'show the dashboards in a browser at the end, until Enter or Ctrl-C; on a terminal it does so anyway',
    )
    .option('--no-preview', 'end at once')
    .action(({ hosts = [], keep, seed, events, preview }: DemoOptions) =>
      run(async (context) =>
        // Each named, so that one not given is there as `undefined`.
        (await import('../commands/demo.js')).demoCommand({ hosts, keep, seed, events, preview }, context),
      ),
    );
  program
    .command('preview')
    .description('show the dashboards and alert rules in a browser on this machine, drawn from the cluster')
    .option('--port <number>', 'port on 127.0.0.1; 0 takes any that is free', wholeNumber, PREVIEW_PORT)
    .addHelpText('after', examples(['preview', 'preview --port 0']))
    .action((options: { port: number }) =>
      run(async (context) => (await import('../commands/preview.js')).previewCommand(options, context)),
    );
}

const PREVIEW_PORT = 5690;

function addReject(reject: Command, run: Run): void {
  reject
    .command('list')
    .description('print rejected events with the reason and where they were')
    .option('--json', 'one JSON object a line', false)
    .action((options: { json: boolean }) =>
      run(async (context) => (await import('../commands/reject.js')).rejectListCommand(options, context)),
    );
  reject
    .command('replay')
    .description('ship rejected events again; what is stored leaves the reject store')
    .action(() => run(async (context) => (await import('../commands/reject.js')).rejectReplayCommand(context)));
  reject
    .command('drop')
    .description('take rejected events out of the reject store for good, and print them')
    .argument('[ids...]', 'ids, or the first digits as reject list shows them')
    .option('--reason <reasons>', 'those with this reason; commas between several', commaSeparated)
    .option('--all', 'all of them', false)
    .addHelpText('after', examples(['reject drop 5f2b0c8a91de', 'reject drop --reason invalid_json,truncated']))
    .action((ids: string[], { reason: reasons = [], all }: { reason?: string[]; all: boolean }) =>
      run(async (context) =>
        (await import('../commands/reject-drop.js')).rejectDropCommand({ ids, reasons, all }, context),
      ),
    );
}

interface DemoOptions {
  hosts?: string[];
  keep: boolean;
  seed?: number;
  events?: number;
  preview?: boolean;
}

interface SetupOptions {
  dryRun: boolean;
  only?: string[];
  json: boolean;
  force: boolean;
}

function addAssets(program: Command, run: Run): void {
  program
    .command('setup')
    .description('install templates, pipeline, lifecycle, dashboards and rules; only what changed')
    .option('--dry-run', 'print the plan and change nothing', false)
    .option('--only <kinds>', 'only these kinds of asset; commas between several', commaSeparated)
    .option('--json', 'print the plan as JSON', false)
    .option('--force', 'replace objects of the same name that were not installed by us', false)
    .addHelpText('after', examples(['setup --dry-run', 'setup', 'setup --only dashboards,rules']))
    .action(({ only = [], ...options }: SetupOptions) =>
      run(async (context) =>
        (await import('../commands/setup.js')).setupCommand({ ...options, only }, redacted(context)),
      ),
    );
  program
    .command('uninstall')
    .description('remove what setup installed, and nothing else')
    .option('--dry-run', 'print the plan and change nothing', false)
    .option('--data', 'also delete the data streams with all their events', false)
    .option('--json', 'print the plan as JSON', false)
    .action((options: { dryRun: boolean; data: boolean; json: boolean }) =>
      run(async (context) => (await import('../commands/uninstall.js')).uninstallCommand(options, redacted(context))),
    );
  program
    .command('export')
    .description('write the assets as files, to install them by other means')
    .argument(
      '<what-and-dir...>',
      'all (default), templates, dashboards, rules or roles; then the directory to write to',
    )
    .addHelpText('after', examples(['export assets', 'export dashboards git/dashboards']))
    .action((args: string[]) =>
      run(async (context) => (await import('../commands/export.js')).exportCommand(args, context)),
    );
}

function addChecks(program: Command, run: Run): void {
  program
    .command('status')
    .description('show what is installed and how many documents there are')
    .option('--json', 'print as JSON', false)
    .action((options: { json: boolean }) =>
      run(async (context) => (await import('../commands/status.js')).statusCommand(options, redacted(context))),
    );
  const test = program
    .command('test')
    .description('check the configuration, the inputs or the connection to the cluster');
  test
    .command('config')
    .description('check all settings and list every fault')
    .action(() => run(async (context) => (await import('../commands/test-config.js')).testConfigCommand(context)));
  test
    .command('output')
    .description('connect to the cluster and say what works and what does not')
    .action(() => run(async (context) => (await import('../commands/test-output.js')).testOutputCommand(context)));
  test
    .command('inputs')
    .description('look whether each input can be read, without reading it')
    .action(() => run(async (context) => (await import('../commands/test-inputs.js')).testInputsCommand(context)));
  const config = program.command('config').description('print the reference configuration or the one in force');
  config
    .command('example')
    .description('print every setting with its meaning and default, as a file to start from')
    .addHelpText('after', examples(['config example > cloudconnexa-ecs.yml']))
    .action(() => run(async (context) => (await import('../commands/config.js')).configExampleCommand(context)));
  config
    .command('show')
    .description('print the settings in force and where each came from; secrets as ***')
    .option('--json', 'print as JSON', false)
    .action((options: { json: boolean }) =>
      run(async (context) => (await import('../commands/config.js')).configShowCommand(options, context)),
    );
}

function addKeystore(keystore: Command, run: Run): void {
  keystore
    .description('keep secrets in an encrypted file; ${NAME} in the configuration stands for the value of that name')
    .addHelpText('after', examples(['keystore create', 'keystore set ELASTIC_PASSWORD', 'keystore list']));
  keystore
    .command('create')
    .description('make an empty keystore; asks for its password, if the environment gives none')
    .option('--no-password', 'without one: then the mode of the file alone protects it')
    .action((options: { password: boolean }) =>
      run(async (context) => (await import('../commands/keystore.js')).keystoreCreateCommand(options, context)),
    );
  keystore
    .command('set')
    .description('store a value, typed twice without being shown; never an argument')
    .argument('<name>', 'what ${NAME} in the configuration says: letters, digits and _')
    .option('--stdin', 'take the standard input as the value, without line ends at its end', false)
    .addHelpText(
      'after',
      examples(['keystore set ELASTIC_PASSWORD', 'keystore set ELASTIC_PASSWORD --stdin < password.txt']),
    )
    .action((name: string, options: { stdin: boolean }) =>
      run(async (context) => (await import('../commands/keystore.js')).keystoreSetCommand(name, options, context)),
    );
  keystore
    .command('list')
    .description('print the names, not the values')
    .action(() => run(async (context) => (await import('../commands/keystore.js')).keystoreListCommand(context)));
  keystore
    .command('remove')
    .description('remove a value')
    .argument('<name>', 'as keystore list prints it')
    .action((name: string) =>
      run(async (context) => (await import('../commands/keystore.js')).keystoreRemoveCommand(name, context)),
    );
  keystore
    .command('passwd')
    .description('change the password; the values stay')
    .option('--stdin', 'take the standard input as the new password', false)
    .option('--no-password', 'without one from now on')
    .action((options: { stdin: boolean; password: boolean }) =>
      run(async (context) => (await import('../commands/keystore.js')).keystorePasswdCommand(options, context)),
    );
}

function describeOption({ description, argChoices }: Option): string {
  return argChoices === undefined ? description : `${description}: ${argChoices.join(', ')}`;
}

function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ cloudconnexa-ecs ${line}`).join('\n')}`;
}
