import type { Readable, Writable } from 'node:stream';
import { CommanderError, type Command } from 'commander';
import type { ConfigContext, ConfigNeeds } from '../commands/context.js';
import type { Config } from '../config.js';
import type { Resolution } from '../config/load.js';
import type { Secrets } from '../config/secrets.js';
import { ConnectorError } from '../errors.js';
import { createLogger, type LogOptions, type ProcessLogger } from '../log.js';
import { asConnectorError, failureText } from './failure.js';
import { buildProgram, type GlobalOptions } from './program.js';

/** The process as the command line sees it; tests pass their own. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Where log lines go, which have no secrets; without it `stderr`. */
  readonly log?: LogOptions['stream'];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Empty at first; what is read of the configuration fills it. */
  readonly secrets: Secrets;
}

/** Runs one command line, without the two words before the arguments. @returns the exit code, never throws. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const outcome = { exitCode: 0, debug: false };
  const program = buildProgram(async (globals, command) => {
    const context = createContext(io, globals);
    try {
      outcome.exitCode = await command(context);
    } finally {
      outcome.debug = context.log.level === 'debug';
    }
  });
  try {
    await quiet(program, io).parseAsync([...argv], { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    return reportFailure(error instanceof CommanderError ? usageError(error) : error, io, outcome.debug);
  }
}

/** Tells the user what failed. @returns the exit code that goes with it; never throws, for nobody is left to tell. */
export function reportFailure(error: unknown, io: Io, debug: boolean): number {
  try {
    return tellFailure(error, io, debug);
  } catch {
    io.stderr.write(untold);
    return 1;
  }
}

/** Of an error that cannot even be read, or that the text for it cannot be made of. */
const untold = 'error CCX_INTERNAL: a failure that could not be shown\n';

function tellFailure(error: unknown, io: Io, debug: boolean): number {
  const failure = asConnectorError(error);
  const withStack = debug && failure.code === 'CCX_INTERNAL';
  const redact = (text: string): string => io.secrets.redact(text);
  io.stderr.write(failureText(failure, { colour: coloured(io), debug: withStack, redact }));
  return failure.exitCode;
}

/** Colour only on a terminal, and not where the user does not want it (https://no-color.org). */
function coloured({ stderr, env }: Io): boolean {
  return stderr.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

/** Makes the program and all commands below it throw instead of ending the process, and print nothing but help. */
function quiet(command: Command, io: Io): Command {
  command.exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: (text) => io.stderr.write(text),
    outputError: () => undefined,
  });
  for (const inner of command.commands) quiet(inner, io);
  return command;
}

function usageError(error: CommanderError): ConnectorError {
  // `cloudconnexa-ecs reject` alone: commander has printed the help already.
  if (error.code === 'commander.help') return new ConnectorError('CCX_USAGE', 'a command is missing');
  // What follows the `=` of an unknown option may be a secret that belongs elsewhere.
  const message = error.message.replace(/^error: /, '').replace(/'(--?[\w-]+)=[^]*?'/, "'$1'");
  return new ConnectorError('CCX_USAGE', message.trim().replaceAll('\n', ' '));
}

interface ProcessContext extends ConfigContext {
  readonly log: ProcessLogger;
}

function createContext(io: Io, globals: GlobalOptions): ProcessContext {
  const redact = (text: string): string => io.secrets.redact(text);
  const log = createLogger({
    level: globals.logLevel ?? 'info',
    stream: io.log ?? io.stderr,
    pretty: io.stderr.isTTY === true,
    colour: coloured(io),
    redact,
  });
  const { config: file, set = [] } = globals;
  const request = { env: io.env, set, secrets: io.secrets, ...(file === undefined ? {} : { file }) };
  const resolve = async (needs: ConfigNeeds = {}): Promise<Resolution> => {
    const { resolveConfig } = await import('../config/load.js');
    const { withKeystorePassword } = await import('./keystore-password.js');
    const resolution = await withKeystorePassword(io, (password) => resolveConfig({ ...request, needs, ...password }));
    log.level = globals.logLevel ?? resolution.config?.log.level ?? 'info';
    for (const warning of resolution.warnings) log.warn(warning);
    return resolution;
  };
  const locateKeystore = async (): Promise<string> => (await import('../config/load.js')).locateKeystore(request);
  const loadConfig = async (needs?: ConfigNeeds): Promise<Config> => {
    const { configError } = await import('../config/fault.js');
    const { config, faults, file } = await resolve(needs);
    if (!config) throw configError(faults, file);
    return config;
  };
  const { stdin, stdout, stderr, env, signal } = io;
  return { stdin, stdout, stderr, env, signal, log, loadConfig, resolveConfig: resolve, locateKeystore, redact };
}
