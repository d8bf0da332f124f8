import { expect } from 'chai';
import type { ContextSettings } from '../unit/install/cluster.js';

/** What the shared tests need of a server, be it the counterpart or a real one. */
export interface FrontEndUnderTest {
  /** Runs a command and returns its exit code and what it printed. */
  readonly run: (command: 'setup' | 'status' | 'uninstall', more?: CommandMore) => Promise<Ended>;
  /** Changes a stored object, as somebody who works there does. */
  readonly edit: (key: string, change: (attributes: Attributes) => Attributes) => Promise<void>;
  /** Keys of stored objects that are ours by their ids. */
  readonly stored: () => Promise<readonly string[]>;
}

export type Attributes = Readonly<Record<string, unknown>>;

export interface CommandMore {
  readonly settings?: ContextSettings;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Of `--json`, the assets of the group that is tested. */
  readonly items: readonly {
    readonly id: string;
    readonly action?: string;
    readonly state?: string;
    readonly notes: readonly string[];
  }[];
}

const overview = 'dashboard:cloudconnexa-flow-overview';
const removed = (attributes: Attributes): Attributes => ({ ...attributes, description: 'mine now' });
const older = (attributes: Attributes): Attributes => ({
  ...attributes,
  description: String(attributes['description']).replace(/content: [0-9a-f]{12}/, 'content: 000000000000'),
});

/** What holds for dashboards in Kibana and in OpenSearch Dashboards alike; each test begins with an empty server. */
export function frontEndTests(get: () => FrontEndUnderTest): void {
  it('installs all dashboards and what belongs to them', async () => {
    const { code, items, stderr } = await get().run('setup');
    expect(code).to.equal(0);
    expect(stderr).to.match(/^Created .*4 × dashboard\.\n$/);
    expect(await get().stored()).to.have.members(items.map(({ id }) => id));
    expect(await get().stored()).to.include(overview);
  });

  it('changes nothing in a dry run', async () => {
    const { items } = await get().run('setup', { dryRun: true });
    expect(new Set(items.map(({ action }) => action))).to.deep.equal(new Set(['create']));
    expect(await get().stored()).to.deep.equal([]);
  });

  it('finds nothing to change when run again, and all well', async () => {
    await get().run('setup');
    const { code, items, stderr } = await get().run('setup');
    expect(code).to.equal(0);
    expect(stderr).to.equal('');
    expect(new Set(items.map(({ action }) => action))).to.deep.equal(new Set(['unchanged']));
    const status = await get().run('status');
    expect(new Set(status.items.map(({ state }) => state))).to.deep.equal(new Set(['ok']));
  });

  it('keeps what somebody has changed in an object of ours until there is something new', async () => {
    await get().run('setup');
    await get().edit(overview, (attributes) => ({ ...attributes, title: 'Renamed' }));
    const { items } = await get().run('setup');
    expect(items.find(({ id }) => id === overview)).to.include({ action: 'unchanged' });
  });

  it('updates only the object whose content is another one', async () => {
    await get().run('setup');
    await get().edit(overview, older);
    const { items, stderr } = await get().run('setup');
    expect(items.filter(({ action }) => action === 'update').map(({ id }) => id)).to.deep.equal([overview]);
    expect(stderr).to.equal('Updated 1 × dashboard.\n');
    const again = await get().run('setup');
    expect(again.items.find(({ id }) => id === overview)).to.include({ action: 'unchanged' });
  });

  it('leaves an object without our mark alone, says so, and installs the others', async () => {
    await get().run('setup');
    await get().edit(overview, removed);
    const { code, items, stderr } = await get().run('setup');
    expect(code).to.equal(1);
    expect(stderr).to.equal('');
    expect(items.find(({ id }) => id === overview)).to.include({ action: 'foreign' });
    const status = await get().run('status');
    expect(status.items.find(({ id }) => id === overview)).to.include({ state: 'foreign' });
  });

  it('replaces an object without our mark with --force', async () => {
    await get().run('setup');
    await get().edit(overview, removed);
    const { code } = await get().run('setup', { force: true });
    expect(code).to.equal(0);
    const { items } = await get().run('setup');
    expect(items.find(({ id }) => id === overview)).to.include({ action: 'unchanged' });
  });

  it('brings back what somebody has deleted', async () => {
    await get().run('setup');
    await get().edit(overview, older);
    await get().run('uninstall');
    expect(await get().stored()).to.deep.equal([]);
    const { items } = await get().run('setup');
    expect(await get().stored()).to.have.length(items.length);
  });

  it('removes ours only', async () => {
    await get().run('setup');
    await get().edit(overview, removed);
    const { stdout } = await get().run('uninstall');
    expect(await get().stored()).to.deep.equal([overview]);
    expect(stdout).to.contain(
      'keep      dashboard CloudConnexa flow overview. It was not installed by cloudconnexa-ecs.',
    );
  });
}
