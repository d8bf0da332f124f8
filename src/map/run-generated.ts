import { compileFunction } from 'node:vm';

/**
 * What the body of a function that was generated from a field list gives back. No data of events gets into such code.
 *
 * @param filename by which it is known in stack traces
 * @param tools what it may call, by name
 */
export function runGenerated(source: string, filename: string, tools: Readonly<Record<string, unknown>> = {}): unknown {
  const make = compileFunction(source, Object.keys(tools), { filename }) as (...values: unknown[]) => unknown;
  return make(...Object.values(tools));
}
