import { expect } from 'chai';
import {
  appendFile,
  copyFile,
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { HeldLock } from '../../../src/data-dir/held-lock.js';
import { thisProcess, type Holder } from '../../../src/data-dir/holder.js';
import { LockFiles, lockText } from '../../../src/data-dir/lock-file.js';
import { lockDataDir, tryLockDataDir, type DataDirLock, type LockOptions } from '../../../src/data-dir/lock.js';
import { afterTest } from '../../support/after-test.js';
import { flips, truncations } from '../../support/damage.js';
import { eventually } from '../../support/eventually.js';
import { keepLog, type LogLine } from '../../support/sending.js';
import { tempDir } from '../../support/temp-dir.js';
import { startWorker } from '../../support/worker.js';

const isLinux = process.platform === 'linux';

describe('the lock of a data_dir', () => {
  let directory: string;
  let file: string;
  let lines: LogLine[];
  let log: LockOptions['log'];

  beforeEach(async () => {
    directory = await tempDir();
    file = join(directory, 'run.lock');
    ({ log, lines } = keepLog());
  });

  /** Looks often and few times, so that nobody waits. */
  async function take(options: Partial<LockOptions> = {}): Promise<DataDirLock> {
    const { signal } = new AbortController();
    const lock = await lockDataDir(directory, { log, signal, heartbeatMs: 5, lookMs: 1, looks: 20, ...options });
    if (lock === undefined) throw new Error('stopped');
    afterTest(() => lock.release());
    return lock;
  }
  const refusal = (options?: Partial<LockOptions>): Promise<unknown> => take(options).catch((error: unknown) => error);
  /** A lock file of somebody like this process, but for what is given. */
  const leave = async (holder: Partial<Holder>): Promise<void> =>
    writeFile(file, lockText({ ...(await thisProcess()), ...holder }, 7));

  it('is had by one, and the other is told by whom', async () => {
    await take();
    const error = await refusal();
    expect(error).to.include({ code: 'CCX_DATA_DIR_LOCKED', place: directory });
    expect(error).to.have.property('message').that.includes(`process ${process.pid} on `);
  });

  it('leaves nothing behind when it is given back, and can be had again', async () => {
    await (await take()).release();
    expect(await readdir(directory)).to.deep.equal([]);
    await take();
  });

  it('is for its owner only', async () => {
    await take();
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
  });

  it('is not taken by those who would only use it if it were free', async () => {
    const lock = await take();
    expect(await tryLockDataDir(directory, log)).to.equal(undefined);
    await lock.release();
    await (await tryLockDataDir(directory, log))?.release();
  });

  it('says where it cannot be made', async () => {
    await writeFile(join(directory, 'file'), '');
    const error = await lockDataDir(join(directory, 'file', 'data'), {
      log,
      signal: new AbortController().signal,
    }).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'CCX_DATA_DIR_UNUSABLE', place: join(directory, 'file', 'data') });
  });

  describe('of a process of this machine', () => {
    it('is taken over at once when that was killed, and a second one is refused before', async () => {
      const worker = await startWorker('lock-worker');
      expect(await worker.ask(`lock ${directory}`)).to.equal('held');
      expect(await refusal())
        .to.have.property('message')
        .that.includes(`process ${worker.child.pid} on `);
      await worker.kill();
      await take({ looks: isLinux ? 0 : 1 });
      expect(lines.map(({ level }) => level)).to.not.include('warn');
    });

    it('stays with it while it is stopped', async () => {
      const worker = await startWorker('lock-worker');
      await worker.ask(`lock ${directory}`);
      worker.child.kill('SIGSTOP');
      expect(await refusal({ looks: 100_000 })).to.include({ code: 'CCX_DATA_DIR_LOCKED' });
      worker.child.kill('SIGCONT');
      expect(await worker.ask('release')).to.equal('released');
    });

    it('is taken over at once when its number is another process by now', async () => {
      await leave({ pid: process.pid, started: '1' });
      await take({ looks: isLinux ? 0 : 1 });
    });

    it('is had by exactly one of many that start at the same moment, whatever they find', async function () {
      this.timeout(60_000);
      const dead = join(directory, 'dead');
      const workers = await Promise.all(Array.from({ length: 4 }, () => startWorker('lock-worker')));
      await mkdir(dead);
      const victim = await startWorker('lock-worker');
      await victim.ask(`lock ${dead}`);
      await victim.kill();
      for (let round = 0; round < 60; round++) {
        const contested = join(directory, `round-${round}`);
        await mkdir(contested);
        if (round % 3 !== 0) await copyFile(join(dead, 'run.lock'), join(contested, 'run.lock'));
        const answers = await Promise.all(workers.map((worker) => worker.ask(`lock ${contested}`)));
        expect(
          answers.filter((answer) => answer !== 'CCX_DATA_DIR_LOCKED'),
          `round ${round}`,
        ).to.deep.equal(['held']);
        await Promise.all(workers.map((worker) => worker.ask('release')));
        expect(await readdir(contested), `round ${round}`).to.deep.equal([]);
      }
    });
  });

  describe('that is had briefly', () => {
    it('is waited for by a run, and not by those who would only use it if it were free', async () => {
      const brief = await take({ brief: true });
      expect(await tryLockDataDir(directory, log)).to.equal(undefined);
      const waiting = take();
      await eventually(() => Promise.resolve(lines.length), 1);
      expect(lines[0]).to.include({ level: 'info', path: file, pid: process.pid });
      await brief.release();
      await waiting;
      expect(lines).to.have.length(1);
    });

    it('is waited for when it is had elsewhere, too', async () => {
      const holder = { ...(await thisProcess()), boot: 'another', brief: true };
      await writeFile(file, lockText(holder, 7));
      const waiting = take({ looks: 100_000 });
      await eventually(() => Promise.resolve(lines.length), 1);
      await writeFile(file, lockText(holder, 8));
      await eventually(() => Promise.resolve(lines.length), 2);
      await rm(file);
      await waiting;
    });

    it('is taken over when its process was killed', async () => {
      const worker = await startWorker('lock-worker');
      await worker.ask(`brief ${directory}`);
      const waiting = take();
      await eventually(() => Promise.resolve(lines.length), 1);
      await worker.kill();
      await waiting;
    });
  });

  describe('of a process elsewhere', () => {
    const elsewhere: readonly [string, Partial<Holder>][] = [
      ['another boot or machine', { boot: 'another', host: 'another' }],
      ['another container', { pidNamespace: 'pid:[1]', host: 'another' }],
      ['a machine without /proc', { boot: null, pidNamespace: null, started: null, host: 'another' }],
    ];
    for (const [where, holder] of elsewhere) {
      it(`(${where}) is taken over when it does not move, with a warning`, async () => {
        await leave(holder);
        await take();
        expect(lines.filter(({ level }) => level === 'warn')).to.have.length(1);
        expect(lines.at(-1)).to.include({ path: file, host: holder.host ?? '' });
      });
    }

    it('is refused when it moves, even if only once', async () => {
      const holder = { ...(await thisProcess()), boot: 'another', host: 'another' };
      await writeFile(file, lockText(holder, 7));
      const refused = refusal({ looks: 100_000 });
      await eventually(() => Promise.resolve(lines.length), 1);
      await writeFile(file, lockText(holder, 8));
      expect(await refused).to.include({ code: 'CCX_DATA_DIR_LOCKED' });
    });

    it('is had at once when it is given back while it is watched', async () => {
      await leave({ boot: 'another' });
      const taken = take({ looks: 100_000 });
      await eventually(() => Promise.resolve(lines.length), 1);
      await rm(file);
      await taken;
    });

    it('is waited for no longer than the user does', async () => {
      await leave({ boot: 'another' });
      const stop = new AbortController();
      const taken = lockDataDir(directory, { log, signal: stop.signal, lookMs: 60_000 });
      await eventually(() => Promise.resolve(lines.length), 1);
      stop.abort();
      expect(await taken).to.equal(undefined);
    });

    it('is had by one when many have watched it', async () => {
      for (let round = 0; round < 30; round++) {
        await leave({ boot: 'another' });
        const results = await Promise.allSettled(Array.from({ length: 6 }, () => take({ heartbeatMs: 60_000 })));
        const held = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
        expect(held, `round ${round}`).to.have.length(1);
        await held[0]?.release();
      }
    });
  });

  describe('whose file is torn, empty or altered', () => {
    it('is taken over after a while, wherever it was cut off and whichever byte was changed', async () => {
      const whole = Buffer.from(lockText(await thisProcess(), 7));
      const changed = [...flips(whole)].filter((_, i) => i % 40 === 0);
      for (const { what, bytes } of [...truncations(whole), ...changed]) {
        await writeFile(file, bytes);
        const lock = await take({ looks: 1 }).catch((error: unknown) => expect.fail(`${what}: ${String(error)}`));
        await lock.release();
      }
    });

    it('is refused while somebody writes it', async () => {
      await writeFile(file, 'new format 1');
      const refused = refusal({ looks: 100_000 });
      await eventually(() => Promise.resolve(lines.length), 1);
      await appendFile(file, '2');
      expect(await refused).to.include({ code: 'CCX_DATA_DIR_LOCKED' });
    });
  });

  describe('while it is held', () => {
    it('shows to others that its holder lives', async () => {
      await take();
      const counter = async (): Promise<boolean> =>
        Number(/"counter":"(\d+)"/.exec(await readFile(file, 'utf8'))?.[1]) > 2;
      await eventually(counter, true);
    });

    it('is found to be lost when another has it, and then is not touched any more', async () => {
      const lost: string[] = [];
      const lock = await take({ onLost: ({ code }) => lost.push(code) });
      await lock.check();
      const other = lockText({ ...(await thisProcess()), host: 'another' }, 1);
      await rm(file);
      await writeFile(file, other);
      await eventually(() => Promise.resolve(lost.length), 1);
      expect(lost).to.deep.equal(['CCX_DATA_DIR_LOST']);
      expect(await lock.check().catch((error: unknown) => error)).to.include({ code: 'CCX_DATA_DIR_LOST' });
      await lock.release();
      expect(await readFile(file, 'utf8')).to.equal(other);
    });

    it('is found to be lost before anything is written, though no heartbeat was due since', async () => {
      let nowMs = 0;
      const lock = await take({ heartbeatMs: 60_000, sinceBootMs: () => nowMs });
      await lock.check();
      await rm(file);
      // Nobody can have taken it in a moment.
      nowMs = 99;
      await lock.check();
      nowMs = 100;
      expect(await lock.check().catch((error: unknown) => error)).to.include({ code: 'CCX_DATA_DIR_LOST' });
    });

    it('shows that its holder lives before that writes after the machine slept', async () => {
      let nowMs = 0;
      const lock = await take({ heartbeatMs: 60_000, sinceBootMs: () => nowMs });
      const before = await readFile(file, 'utf8');
      await lock.check();
      expect(await readFile(file, 'utf8')).to.equal(before);
      nowMs = 3_600_000;
      await lock.check();
      expect(await readFile(file, 'utf8')).to.not.equal(before);
    });

    describe('in trouble', () => {
      let nowMs: number;
      const sinceBootMs = (): number => nowMs;
      const refused = (lock: DataDirLock): Promise<unknown> => lock.check().catch((error: unknown) => error);
      const warned = (): LogLine[] => lines.filter(({ level }) => level === 'warn');

      beforeEach(() => {
        nowMs = 0;
      });

      it('lets nothing be written when it could not be read for three heartbeats, and again when it can', async () => {
        const lock = await take({ heartbeatMs: 60_000, sinceBootMs });
        const away = join(directory, 'away');
        await rename(file, away);
        await mkdir(file);
        nowMs = 180_000;
        await lock.check();
        nowMs = 180_001;
        expect(await refused(lock)).to.include({ code: 'CCX_DATA_DIR_UNUSABLE', place: file });
        expect(warned()).to.have.length(1);
        await rmdir(file);
        await rename(away, file);
        await lock.check();
      });

      it('lets nothing be written when its heartbeat could not be written for three, though it can be read', async () => {
        const self = await thisProcess();
        await leave(self);
        const readOnly = await open(file, 'r');
        const own = { path: file, file: readOnly };
        const lock = new HeldLock(new LockFiles(directory), own, self, { heartbeatMs: 60_000, log, sinceBootMs });
        afterTest(() => lock.release());
        nowMs = 180_000;
        await lock.check();
        nowMs = 180_001;
        expect(await refused(lock)).to.include({ code: 'CCX_DATA_DIR_UNUSABLE', place: file });
      });

      it('is left where it is, when it cannot be known whose it is at its end', async () => {
        const lock = await take({ heartbeatMs: 60_000, sinceBootMs });
        const { token } = JSON.parse(await readFile(file, 'utf8')) as Holder;
        await mkdir(`${file}.${token}`);
        await lock.release();
        expect(await readdir(directory)).to.include('run.lock');
      });
    });

    it('mends its file when that is damaged', async () => {
      const lock = await take();
      await writeFile(file, 'x');
      await eventually(async () => (await readFile(file, 'utf8')).includes('cloudconnexa-ecs lock'), true);
      await lock.check();
    });
  });
});
