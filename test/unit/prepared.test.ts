import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { configCheck } from '../../src/config/schema.js';
import { manifestCheck } from '../../src/manifest.js';
import { fitFormats } from '../../src/map/fits.js';
import { loadMappings, type EventMapping } from '../../src/map/list.js';
import { packagePath } from '../../src/package-root.js';
import { checkFile, compileCheck, PREPARED, preparedTree, treeFile, type Check } from '../../src/prepared.js';
import { eventChecks } from '../../src/validate.js';

const formats = fitFormats((text) => /^[\d.]+$/.test(text));
const events = loadMappings().events;
const files = (): string[] => readdirSync(packagePath(PREPARED)).sort();

describe('what the build prepares', () => {
  it('is all that starts ask for, and nothing else', () => {
    const lists = readdirSync(packagePath('mappings')).filter((name) => name.endsWith('.yml'));
    const checks = [configCheck(), manifestCheck, ...events.flatMap((event) => Object.values(eventChecks(event)))];
    const asked = [...lists.map((name) => treeFile(textOf(name))), ...checks.map(checkFile)];
    expect(files()).to.deep.equal([...new Set(asked)].sort());
  });

  it('says of each field list what its YAML says', () => {
    for (const name of readdirSync(packagePath('mappings')).filter((file) => file.endsWith('.yml')))
      expect(preparedTree(textOf(name)), name).to.deep.equal(parse(textOf(name)));
  });

  it('is not taken for a text or a schema that differs in one character', () => {
    expect(preparedTree(`${textOf('flow-established.yml')}\n`)).to.equal(undefined);
    const [event] = events;
    const { first } = eventChecks(event as (typeof events)[number]);
    const narrower = { ...first, schema: { ...first.schema, required: ['timestamp', 'eventNamf'] } };
    expect(existsSync(join(packagePath(PREPARED), checkFile(narrower)))).to.equal(false);
    expect(compileCheck(narrower, formats)({ timestamp: '2026-01-01T00:00:00Z' })).to.equal(false);
  });

  for (const event of events) {
    it(`finds the same faults in events as ajv does: ${event.event}`, () => {
      for (const check of Object.values(eventChecks(event))) {
        const [prepared, made] = [compileCheck(check, formats), fresh(check)];
        let faults = 0;
        for (const value of variants(event)) {
          expect(prepared(value), JSON.stringify(value)).to.equal(made(value));
          expect(prepared.errors).to.deep.equal(made.errors);
          faults += prepared.errors?.length ?? 0;
        }
        expect(faults).to.be.greaterThan(10);
      }
    });
  }
});

function textOf(name: string): string {
  return readFileSync(join(packagePath('mappings'), name), 'utf8');
}

function fresh({ schema, options }: Check): ReturnType<Ajv['compile']> {
  return new Ajv({ ...options, formats }).compile(schema);
}

const VALUES = [null, '', -1, 7, 1.5, 70_000, 1e20, '-1', '7', 'true', 'x', '2026-13-01T00:00:00Z', true, [], {}];

/** Events with one field of the list, or with all, each with each of many values. */
function variants({ event: eventName, fields }: EventMapping): object[] {
  const whole = { timestamp: '2026-01-01T00:00:00Z', eventName };
  const names = fields.flatMap(({ vendor, aliases }) => [vendor, ...aliases]);
  return [
    ...VALUES.flatMap((value) => names.map((name) => withFields(whole, [name], value))),
    ...VALUES.map((value) => withFields(whole, names, value)),
    ...VALUES.map((log) => ({ ...whole, log })),
    {},
  ];
}

function withFields(whole: object, names: readonly string[], value: unknown): object {
  const log = names.filter((name) => name.startsWith('log.')).map((name) => [name.slice(4), value] as const);
  const header = names.filter((name) => !name.startsWith('log.')).map((name) => [name, value] as const);
  return { ...whole, ...Object.fromEntries(header), log: Object.fromEntries(log) };
}
