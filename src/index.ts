/**
 * The library: what the command line is made of, for those who embed it.
 *
 * - {@link mapEvent}: one event to its ECS document.
 * - {@link createMapper} and {@link createValidator}: the same for many events, as JSON text ready for bulk requests.
 * - {@link createConnector}: the whole connector, from inputs to engine.
 */
export { createConnector, type Connector, type ConnectorOptions } from './connector.js';
export { loadConfig, type Config, type ConfigRequest, type InputConfig, type OutputConfig } from './config.js';
export { ConnectorError, errorKinds, type ErrorCode, type ErrorKind } from './errors.js';
export type { Logger } from './log.js';
export { mapEvent, type EcsDocument, type MapEventOptions } from './map/event.js';
export { targetFields, type TargetField } from './map/fields.js';
export {
  createMapper,
  mapContext,
  type FaultFinder,
  type Fault,
  type MapContext,
  type Mapper,
  type MapperOptions,
} from './map/mapper.js';
export type { JsonObject, JsonValue, MappedEvent, Origin, RejectRecord } from './record.js';
export type { RunProgress, RunSummary } from './run.js';
export { createValidator } from './validate.js';
