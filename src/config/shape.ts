import type { Config } from '../config.js';
import type { Format } from './formats.js';

/** Paths of the leaves of an object type, joined by dots; lists are leaves. */
type Leaves<T, Prefix extends string = ''> = {
  [K in keyof T & string]-?: NonNullable<T[K]> extends readonly unknown[] | string | number | boolean
    ? `${Prefix}${K}`
    : Leaves<NonNullable<T[K]>, `${Prefix}${K}.`>;
}[keyof T & string];

/** The type at a dotted path; `undefined` is part of it when the setting may be absent. */
type At<T, Path extends string> = Path extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? At<NonNullable<T[Head]>, Rest>
    : never
  : Path extends keyof T
    ? T[Path]
    : never;

export type SettingType = 'string' | 'integer' | 'number' | 'boolean' | 'strings' | 'inputs';

/** What the list says about one setting; everything else is derived from it. */
export interface Setting {
  readonly type: SettingType;
  /** One or two sentences for the operator. */
  readonly description: string;
  /** A value that loads, shown in the reference. */
  readonly example: string | number | boolean | readonly string[];
  /** Absent: the setting has no value unless given. */
  readonly default?: string | number | boolean | readonly unknown[];
  /** The setting must be given (only inside a list entry). */
  readonly required?: true;
  /** Hidden in output and logs, refused on the command line, also readable from `<name>_file`. */
  readonly secret?: true;
  readonly values?: readonly string[];
  /** Of a list: how many entries it must have. */
  readonly minimum?: number;
  readonly maximum?: number;
  readonly unit?:
    | 'bytes'
    | 'seconds'
    | 'milliseconds'
    | 'hours'
    | 'days'
    | 'GiB'
    | 'events'
    | 'requests'
    | 'objects'
    | 'receives'
    | 'threads';
  readonly format?: Format;
}

type TypeName<V> = V extends boolean
  ? 'boolean'
  : V extends number
    ? 'integer' | 'number'
    : V extends string
      ? 'string'
      : V extends readonly string[]
        ? 'strings'
        : 'inputs';

/** A setting whose type, default and allowed values fit the type `V` that the rest of the program sees. */
type SettingFor<V> = Setting & { readonly type: TypeName<NonNullable<V>> } & (undefined extends V
    ? unknown
    : { readonly default: NonNullable<V> } | { readonly required: true }) &
  (string extends NonNullable<V>
    ? unknown
    : [NonNullable<V>] extends [string]
      ? { readonly values: readonly NonNullable<V>[] }
      : unknown);

/** A complete list for an object type: a missing, unknown or misfitting setting does not compile. */
export type SettingsOf<T> = { readonly [P in Leaves<T>]: SettingFor<At<T, P>> };

export type SettingPath = Leaves<Config>;
