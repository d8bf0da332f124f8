import { randomUUID } from 'node:crypto';
import { mapEvent, type EcsDocument } from '../../src/map/event.js';
import type { JsonObject } from '../../src/record.js';
import { durationMs } from '../../src/rules/period.js';
import type { EvidenceCase, EvidenceEvents, Rule } from '../../src/rules/spec.js';
import { vendorEvents } from './evidence-events.js';

/** A case of a rule's evidence, of an organization of its own, so that all cases can be stored side by side. */
export interface Trial {
  readonly rule: Rule;
  readonly title: string;
  readonly fires: boolean;
  readonly organization: string;
  readonly evidence: EvidenceCase;
}

export function trialsOf(rule: Rule): readonly Trial[] {
  return (['fires', 'silent'] as const).flatMap((outcome) =>
    rule.evidence[outcome].map((evidence, i) => ({
      rule,
      title: `${outcome}: ${evidence.title}`,
      fires: outcome === 'fires',
      organization: `${rule.id}.${outcome}.${i}`,
      evidence,
    })),
  );
}

/** The documents of a case, as they would be stored at `now`: what the mapper makes of the vendor's events, and what a pipeline adds. */
export function documentsOf({ evidence, organization }: Trial, now: Date, namespace: string): EcsDocument[] {
  return evidence.events.flatMap((events) =>
    Array.from({ length: events.times }, (_, i) => documentOf(events, i, organization, now, namespace)),
  );
}

function documentOf(
  { event, ago, late, gap, with: given, stored }: EvidenceEvents,
  i: number,
  organization: string,
  now: Date,
  namespace: string,
): EcsDocument {
  const arrivedMs = now.getTime() - durationMs(ago) + i * durationMs(gap);
  const happenedMs = arrivedMs - (late === undefined ? 0 : durationMs(late));
  const vendor = structuredClone(vendorEvents[event]) as JsonObject | undefined;
  if (vendor === undefined) throw new Error(`evidence has no event ${event}`);
  put(vendor, { eventName: event, timestamp: new Date(happenedMs).toISOString(), traceId: randomUUID() });
  put(vendor, { ...counted(given, i + 1), cloudId: organization });
  const mapped = mapEvent(vendor, { namespace });
  put(mapped.document, { 'event.ingested': new Date(arrivedMs).toISOString(), ...stored });
  return mapped;
}

/** Threat intelligence: times in it are how long ago. */
export function indicatorsOf({ evidence }: Trial, now: Date): JsonObject[] {
  return (evidence.indicators ?? []).map(({ '@timestamp': ago, ...fields }) => {
    const indicator: JsonObject = {};
    put(indicator, { '@timestamp': new Date(now.getTime() - durationMs(String(ago))).toISOString(), ...fields });
    return indicator;
  });
}

function counted(fields: Readonly<Record<string, unknown>>, n: number): Record<string, unknown> {
  const count = (value: unknown): unknown => (typeof value === 'string' ? value.replaceAll('{n}', String(n)) : value);
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, count(value)]));
}

/** Puts values at dotted names. */
function put(target: JsonObject, fields: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(fields)) {
    const parts = name.split('.');
    const last = parts.pop() ?? '';
    const place = parts.reduce((object, part) => (object[part] ??= {}) as JsonObject, target);
    place[last] = value as JsonObject[string];
  }
}
