import type { Readable, Writable } from 'node:stream';
import type { Config } from '../config.js';
import type { ConfigNeeds, Resolution } from '../config/load.js';
import type { Logger } from '../log.js';

export type { ConfigNeeds };

/**
 * What every command gets: its only way to the outside. A command resolves to the process's exit code
 * (0 done, 1 failed, 2 wrong use or config, 3 done with rejected events) and throws `ConnectorError` for
 * failures that end it; `cli.ts` prints those, and turns a stop by signal into 130 or 143 itself.
 */
export interface CommandContext {
  /**
   * Loads file, environment and `--set` once, sets the log's level from it, and hides its secrets in the log.
   * @throws ConnectorError CCX_CONFIG_INVALID that lists all faults.
   */
  readonly loadConfig: (needs?: ConfigNeeds) => Promise<Config>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Data only. */
  readonly stdout: Writable;
  /** Text for people; log lines go through `log`. */
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires at the first SIGINT or SIGTERM: finish what is under way and return. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** For the commands that are about the configuration itself. */
export interface ConfigContext extends CommandContext {
  /** As `loadConfig`, with the faults as a value, and where each setting came from. */
  readonly resolveConfig: (needs?: ConfigNeeds) => Promise<Resolution>;
  /** Path of the keystore; the rest of the configuration may still be wrong. Throws CCX_CONFIG_INVALID when its file cannot be read at all. */
  readonly locateKeystore: () => Promise<string>;
  /** Takes the configuration's secrets out of a text. */
  readonly redact: (text: string) => string;
}
