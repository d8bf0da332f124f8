import { EcsFlat } from '@elastic/ecs';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { manifestFile } from '../../../scripts/manifest.js';
import { mappings } from '../../../src/install/mappings.js';
import { parseManifest } from '../../../src/manifest.js';
import { targetFields, type EcsField } from '../../../src/map/fields.js';
import { generateEcs, generateFieldsPage, generateSchemas } from '../../../src/map/generate.js';
import { loadMappings, type MappingLists } from '../../../src/map/list.js';
import { createMapper, mapContext } from '../../../src/map/mapper.js';
import { packagePath } from '../../../src/package-root.js';
import type { JsonObject } from '../../../src/record.js';
import { fullTarget } from '../../../src/target/capability.js';
import { createValidator } from '../../../src/validate.js';
import { tempDir } from '../../support/temp-dir.js';

/** The list that CONTRIBUTING.md shows, as it stands there. */
function exampleList(): string {
  const example = /```yaml\n(# mappings\/[\s\S]*?)```/.exec(readFileSync(packagePath('CONTRIBUTING.md'), 'utf8'))?.[1];
  if (example === undefined) throw new Error('CONTRIBUTING.md shows no list');
  return example;
}

const event = {
  timestamp: '2026-02-01T10:00:00.000000Z',
  eventName: 'device-approved',
  initiator: 'owner@example.com',
  initiatorType: 'User',
  initiatorName: 'Owner',
  log: { deviceId: 'd-1', model: 'x' },
};

describe('map: adding an event is adding one file', () => {
  let lists: MappingLists;

  beforeEach(async () => {
    const copy = join(await tempDir(), 'mappings');
    cpSync(packagePath('mappings'), copy, { recursive: true });
    const { event: name } = parse(exampleList()) as { event: string };
    expect(readdirSync(copy)).to.not.include(`${name}.yml`);
    writeFileSync(join(copy, `${name}.yml`), exampleList());
    lists = loadMappings(copy);
  });

  function mapped(value: JsonObject): { index: string; document: JsonObject } {
    const text = JSON.stringify(value);
    const { index, source } = createMapper({}, lists).map(
      { text, value },
      createValidator(lists),
      mapContext(new Date(0)),
    );
    return { index, document: JSON.parse(source) as JsonObject };
  }

  it('routes and maps it', () => {
    const { index, document } = mapped(event);
    expect(index).to.equal('logs-cloudconnexa.audit-default');
    expect(document).to.have.nested.property('event.action', 'device_approved');
    expect(document).to.have.nested.property('cloudconnexa.device.id', 'd-1');
    expect(document).to.have.nested.property('cloudconnexa.unmapped.log.model', 'x');
    expect(document).to.have.property('message', 'device-approved of Owner');
  });

  it('validates it', () => {
    const { document } = mapped({ ...event, log: { deviceId: ['d-1'] } });
    expect(document).to.have.nested.property('cloudconnexa.invalid.deviceId', '["d-1"]');
    expect(document).to.have.nested.property('event.kind', 'pipeline_error');
  });

  it('gives it a place in the template, the schemas, the fields page and the manifest', () => {
    const ecs = JSON.parse(generateEcs(EcsFlat, lists)[0]?.content ?? '') as Record<string, EcsField>;
    const template = mappings(targetFields(lists, ecs), fullTarget('elasticsearch').capabilities);
    expect(template).to.have.nested.property('properties.cloudconnexa.properties.device.properties.id.type', 'keyword');

    const schema = generateSchemas(lists).find(({ path }) => path.endsWith('/device-approved.schema.json'));
    const fits = new Ajv({ allowUnionTypes: true, validateFormats: false }).compile(
      JSON.parse(schema?.content ?? '') as object,
    );
    expect(fits(event)).to.equal(true);
    expect(fits({ ...event, log: { deviceId: {} } })).to.equal(false);

    expect(generateFieldsPage(lists)[0]?.content).to.include('## Event device-approved').and.include('`log.deviceId`');

    const manifest = parseManifest(JSON.parse(manifestFile(lists)[0]?.content ?? ''));
    const audit = manifest.data_streams.find(({ dataset }) => dataset === 'audit');
    expect(audit?.events).to.include('device-approved');
  });
});
