import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { engineCacheDir, exists } from '../../src/engine/place.js';
import { MissingPrerequisite } from './prerequisite.js';

const run = promisify(execFile);

export interface PythonNeeds {
  /** Folder of the environment in the cache; another one for other packages. */
  readonly name: string;
  /** What `pip install` takes, with versions. */
  readonly packages: readonly string[];
  /** Of Python 3 the least minor version. */
  readonly minMinor: number;
  /** What cannot be had without it, as the beginning of a sentence. */
  readonly purpose: string;
}

/**
 * The `python` of a virtual environment with these packages, which lies beside the engines' cache and is made at the first use.
 * @throws MissingPrerequisite without a Python that is new enough and has venv, or when the packages cannot be had.
 */
export async function pythonWith(needs: PythonNeeds): Promise<string> {
  const cache = dirname(await engineCacheDir());
  const home = join(cache, needs.name);
  if (!(await exists(home))) await install(needs, cache, home);
  return join(home, 'bin', 'python');
}

/** A virtual environment finds its packages beside its `python`, so it can be moved: under its name it is always complete. */
async function install(needs: PythonNeeds, cache: string, home: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const workshop = await mkdtemp(join(cache, '.new-'));
  try {
    await run(await findPython(needs.minMinor), ['-m', 'venv', workshop]);
    const packages = ['install', '--quiet', '--disable-pip-version-check', ...needs.packages];
    await run(join(workshop, 'bin', 'python'), ['-m', 'pip', ...packages]);
    // Another process may have been faster: its folder is as good.
    await rename(workshop, home).catch(() => undefined);
  } catch (cause) {
    const remedy = `Install Python 3.${needs.minMinor} or later with venv (on Debian: apt install python3-venv) and a way to PyPI.`;
    throw new MissingPrerequisite(`${needs.purpose} cannot be set up. ${remedy}`, { cause });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function findPython(minMinor: number): Promise<string> {
  for (const python of ['python3', ...newerNames(minMinor), ...(await pyenvPythons())]) {
    const minor = await minorOf(python);
    if (minor !== undefined && minor >= minMinor) return python;
  }
  throw new Error(`no Python 3.${minMinor} or later was found`);
}

/** `python3` may be older than another one beside it. */
function newerNames(minMinor: number): string[] {
  return Array.from({ length: 6 }, (_, more) => `python3.${minMinor + more}`);
}

async function pyenvPythons(): Promise<string[]> {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const names = await readdir(versions).catch(() => []);
  return names.map((name) => join(versions, name, 'bin', 'python3'));
}

/** A name may be there and not run: pyenv's are scripts that look for a version. */
async function minorOf(python: string): Promise<number | undefined> {
  const tell = 'import sys, venv; print(sys.version_info[1])';
  const answer = await run(python, ['-c', tell]).catch(() => undefined);
  return answer === undefined ? undefined : Number(answer.stdout);
}
