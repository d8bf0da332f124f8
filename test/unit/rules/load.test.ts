import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { ConnectorError } from '../../../src/errors.js';
import { loadRules, readRules } from '../../../src/rules/load.js';
import { tempDir } from '../../support/temp-dir.js';

const evidence = {
  fires: [{ title: 'one', events: [{ event: 'flow-established', ago: '5m', with: { 'log.some_name': 1 } }] }],
  silent: [{ title: 'none', events: [{ event: 'flow-established', ago: '2h' }] }],
};
const rule = {
  uuid: 'f71b1863-3489-489d-a2d0-ad2a9c601318',
  version: 1,
  title: 'A rule',
  description: 'Finds.',
  why: 'Because.',
  triage: 'Look.',
  false_positives: ['None known.'],
  severity: 'low',
  risk_score: 21,
  attack: ['T1046'],
  where: { 'event.action': 'flow_denied' },
  detect: { kind: 'threshold', group_by: ['organization.id'], at_least: 2 },
  window: '10m',
  every: '5m',
  evidence,
};

async function folderOf(files: Readonly<Record<string, object | string>>): Promise<string> {
  const folder = join(await tempDir(), 'rules');
  await mkdir(folder);
  for (const [name, file] of Object.entries(files)) {
    await writeFile(join(folder, name), typeof file === 'string' ? file : stringify(file));
  }
  return folder;
}

async function faultsOf(files: Readonly<Record<string, object | string>>): Promise<string[]> {
  const folder = await folderOf(files);
  try {
    readRules(folder);
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'CCX_RULE_INVALID') throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

describe('loading the alert rules', () => {
  it('reads those of the package', () => {
    expect(loadRules().map(({ id }) => id)).to.include('cloudconnexa-denied-flow-spike');
  });

  it("names a rule after its file and turns the format's names into the code's", async () => {
    const [read] = readRules(await folderOf({ 'a-rule.yml': rule, 'README.md': '# Not a rule' }));
    expect(read?.id).to.equal('a-rule');
    expect(read?.detect).to.deep.equal({ kind: 'threshold', groupBy: ['organization.id'], atLeast: 2 });
    expect(read?.riskScore).to.equal(21);
  });

  it('leaves the names of fields in evidence as they are, and fills in what is usual', async () => {
    const [read] = readRules(await folderOf({ 'a-rule.yml': rule }));
    expect(read?.evidence.fires[0]?.events).to.deep.equal([
      { event: 'flow-established', ago: '5m', times: 1, gap: '1s', with: { 'log.some_name': 1 }, stored: {} },
    ]);
  });

  it('lists the faults of all files at once, with file and path', async () => {
    const faults = await faultsOf({
      'a.yml': { ...rule, severity: 'bad', extra: 1 },
      'b.yml': { ...rule, detect: { kind: 'threshold', group_by: ['user.id'] } },
      'c.yml': 'title: [',
    });
    expect(faults.slice(0, 4)).to.deep.equal([
      'a.yml/ must NOT have additional properties: extra',
      'a.yml/severity must be equal to one of the allowed values: low, medium, high, critical',
      "b.yml/detect must have required property 'at_least'",
      'b.yml/detect/group_by/0 must be equal to constant',
    ]);
    expect(faults.at(-1)).to.match(/^c\.yml: /);
  });

  it('names an unknown kind', async () => {
    const faults = await faultsOf({ 'a.yml': { ...rule, detect: { kind: 'magic', group_by: ['organization.id'] } } });
    expect(faults).to.deep.equal(['a.yml/detect/kind must not be magic']);
  });

  it('refuses a run less often than the window is long', async () => {
    expect(await faultsOf({ 'a.yml': { ...rule, every: '11m' } })).to.deep.equal([
      'a.yml/every must not be longer than window',
    ]);
  });

  it('refuses two rules of one uuid', async () => {
    expect(await faultsOf({ 'a.yml': rule, 'b.yml': rule })).to.deep.equal(['b.yml/uuid is that of a.yml']);
  });
});
