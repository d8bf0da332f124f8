import type { TargetField } from '../map/fields.js';
import type { Dashboards } from './spec.js';
import { linkTemplate } from './link.js';

/** How the values of a field are shown. Parameters that are as their defaults are not written: a server would drop them. */
export interface FieldFormat {
  readonly id: 'url' | 'number' | 'bytes' | 'duration';
  readonly params: Readonly<Record<string, unknown>>;
}

/** By field; the others are shown as their type is. */
export function formatsOf(specs: Dashboards, fields: readonly TargetField[]): Record<string, FieldFormat> {
  return {
    ...Object.fromEntries(fields.flatMap((field) => pairs(field.name, numberFormat(field)))),
    ...Object.fromEntries(specs.dataView.computed.map(({ name }) => [name, seconds])),
    ...links(specs),
  };
}

const seconds: FieldFormat = { id: 'number', params: { pattern: '0,0.[0]' } };

/** Numbers that are names (port 3389) have no thousands separator. */
function numberFormat({ name, type }: TargetField): FieldFormat | undefined {
  if (type !== 'long') return undefined;
  if (name.endsWith('.bytes')) return { id: 'bytes', params: {} };
  if (name === 'event.duration') {
    return { id: 'duration', params: { inputFormat: 'nanoseconds', outputFormat: 'asSeconds', showSuffix: true } };
  }
  return /\.port$|\.as\.number$|version$/.test(name) ? { id: 'number', params: { pattern: '0' } } : undefined;
}

function links({ dataView, dashboards }: Dashboards): Record<string, FieldFormat> {
  const formats = dataView.links.flatMap(({ field, to }) => {
    const dashboard = dashboards.find(({ id }) => id === to);
    return pairs(field, dashboard && urlFormat(linkTemplate(field, dashboard, dataView.id)));
  });
  return Object.fromEntries(formats);
}

function urlFormat(urlTemplate: string): FieldFormat {
  return { id: 'url', params: { urlTemplate, labelTemplate: '{{value}}', openLinkInCurrentTab: true } };
}

function pairs(field: string, format: FieldFormat | undefined): [string, FieldFormat][] {
  return format === undefined ? [] : [[field, format]];
}
