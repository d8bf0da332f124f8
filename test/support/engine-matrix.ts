import type { Context, Suite, Func, AsyncFunc } from 'mocha';
import { ConnectorError, type ErrorCode } from '../../src/errors.js';
import {
  engineCatalog,
  startEngine,
  type EngineId,
  type EngineSpec,
  type RunningEngine,
} from '../../src/engine/index.js';
import { capabilities, notSupported, supports, type Capability } from './capabilities.js';
import { describeEngine } from './engine-facts.js';
import { MissingPrerequisite } from './prerequisite.js';

/** One engine of the matrix as the tests see it. */
export interface EngineUnderTest {
  readonly id: EngineId;
  readonly spec: EngineSpec;
  /** The started engine; for use inside tests and hooks. */
  running(): RunningEngine;
  supports(capability: Capability): boolean;
  /** A test that is reported as pending, with the reason, on an engine that lacks one of the capabilities. */
  itNeeds(needed: readonly Capability[], title: string, test: Func | AsyncFunc): void;
}

const startTimeoutMs = 300_000;

/** On a developer's machine these leave the engine's tests pending; under CI they are failures like any other. */
const missingPrerequisites: readonly ErrorCode[] = [
  'CCX_ENGINE_PLATFORM',
  'CCX_ENGINE_NO_JDK',
  'CCX_ENGINE_NO_MAVEN',
  'CCX_ENGINE_FETCH_FAILED',
];

/** Why a suite cannot run here, in a sentence with the remedy; undefined for any other failure. */
function missingPrerequisite(error: unknown): string | undefined {
  if (error instanceof MissingPrerequisite) return error.message;
  const known = error instanceof ConnectorError && missingPrerequisites.includes(error.code);
  return known ? `${error.message}. ${error.remedy}` : undefined;
}

function skipSuite(context: Context, reason: string): never {
  context.test?.parent?.eachTest((test) => {
    test.title += ` [skipped: ${reason}]`;
  });
  context.skip();
}

/**
 * For a `before` hook that starts an engine or another server: gives it the time it needs. Where a prerequisite is missing, the tests of the
 * suite become pending with the reason in their titles; under CI they fail.
 */
export async function startOrSkip<T>(context: Context, start: () => Promise<T>): Promise<T> {
  context.timeout(startTimeoutMs);
  try {
    return await start();
  } catch (error) {
    const reason = missingPrerequisite(error);
    if (process.env['CI'] || reason === undefined) throw error;
    return skipSuite(context, reason);
  }
}

async function startAndTell(spec: EngineSpec): Promise<RunningEngine> {
  const engine = await startEngine(spec.id, { onProgress: (message) => console.log(`    ${message}`) });
  console.log(`    ${await describeEngine(engine)}`);
  console.log(`    lacks: ${notSupported[spec.id].join(', ')}`);
  return engine;
}

function defineItNeeds(id: EngineId, needed: readonly Capability[], title: string, test: Func | AsyncFunc): void {
  const lacking = needed.filter((capability) => !supports(id, capability));
  if (lacking.length === 0) it(title, test);
  else it(`${title} [not supported here: ${lacking.map((name) => capabilities[name]).join('; ')}]`);
}

interface MatrixEntry {
  readonly engine: EngineUnderTest;
  readonly suite: Suite;
}

function createEntry(spec: EngineSpec): MatrixEntry {
  let started: RunningEngine | undefined;
  const engine: EngineUnderTest = {
    id: spec.id,
    spec,
    running() {
      if (!started) throw new Error(`${spec.name} runs only inside tests and hooks`);
      return started;
    },
    supports: (capability) => supports(spec.id, capability),
    itNeeds: (needed, title, test) => defineItNeeds(spec.id, needed, title, test),
  };
  const suite = describe(`on ${spec.name}`, () => {
    before(async function () {
      started = await startOrSkip(this, () => startAndTell(spec));
    });
    after(async function () {
      this.timeout(60_000);
      await started?.stop();
      started = undefined;
    });
  });
  return { engine, suite };
}

let matrix: readonly MatrixEntry[] | undefined;

/** Takes a suite that `describe` has just added to the root out of there. */
function detached(suite: Suite): Suite {
  const siblings = suite.parent?.suites;
  siblings?.splice(siblings.indexOf(suite), 1);
  return suite;
}

/**
 * Defines the same tests for every engine of the matrix: `describe(title)` inside `on OpenSearch 3.8.0` and so on. To be
 * called at the top level of a test file. An engine is started once in a run, with the tests of all files on it, and one
 * engine runs at a time. Tests share it, so each uses names of its own (data stream namespaces, template names).
 */
export function forEachEngine(title: string, define: (engine: EngineUnderTest) => void): void {
  matrix ??= engineCatalog.map(createEntry);
  for (const { engine, suite } of matrix) suite.addSuite(detached(describe(title, () => define(engine))));
}

/** The same for tests that need an engine on which nothing was installed: they run before those of all other files. */
export function forEachNewEngine(title: string, define: (engine: EngineUnderTest) => void): void {
  forEachEngine(title, define);
  for (const { suites } of (matrix ?? []).map(({ suite }) => suite)) suites.unshift(...suites.splice(-1));
}
