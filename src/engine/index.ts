/** Real engines for the demo and the tests: found, fetched, started and stopped. */
export { engineCatalog, engineSpec, type EngineId, type EngineKind, type EngineSpec } from './catalog.js';
export { findJdk, type Jdk } from './jdk.js';
export type { SecureAccess } from './ready.js';
export type { RunningEngine } from './running.js';
export { startEngine, type StartOptions } from './start.js';
