import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as AjvModule from 'ajv';
import type { Options, ValidateFunction } from 'ajv';
import { packagePath } from './package-root.js';

/** A JSON Schema, and how ajv is to hold values against it. */
export interface Check {
  readonly schema: object;
  readonly options: Options;
}

export type Formats = Readonly<Record<string, (text: string) => boolean>>;

/** What the build makes: in the folder, one file each, called by the digest of what it was made of. */
export const PREPARED = 'dist/prepared';

const require = createRequire(import.meta.url);

/** What a text says, as the build has read it; undefined when that is not there. */
export function preparedTree(text: string): unknown {
  return prepared(treeFile(text));
}

/** The function that checks values. Of a schema that the build knew it is ready; of others ajv makes it now, which takes long. */
export function compileCheck<T = unknown>(check: Check, formats: Formats = {}): ValidateFunction<T> {
  const made = prepared(checkFile(check)) as ((formats: Formats) => ValidateFunction<T>) | undefined;
  if (made !== undefined) return made(formats);
  // Loaded only where it is used: that takes a tenth of a second.
  const { Ajv } = require('ajv') as typeof AjvModule;
  return new Ajv({ ...check.options, formats }).compile<T>(check.schema);
}

/** Name of the file that has what a text says, as JSON. */
export function treeFile(text: string): string {
  return `${digestOf(text)}.json`;
}

/** Name of the file that has a check: a CommonJS module, whose export makes the function when it is given the formats. */
export function checkFile({ schema, options }: Check): string {
  return `${digestOf(JSON.stringify([schema, options]))}.cjs`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function prepared(file: string): unknown {
  const path = packagePath(`${PREPARED}/${file}`);
  return existsSync(path) ? require(path) : undefined;
}
