import type { Dashboard } from './spec.js';
import { filtersOf } from './filters.js';

/** What the URL format of a field replaces with the value, percent-encoded. */
const VALUE = '{{value}}';

/** From any app of OpenSearch Dashboards, under any base path: addresses of its apps are siblings. */
function addressOf(dashboard: string): string {
  return `dashboards#/view/${dashboard}`;
}

/** Markdown whose links to dashboards, `[text](dashboard:<id>)`, work inside OpenSearch Dashboards. */
export function linkedMarkdown(text: string): string {
  return text.replace(/\]\(dashboard:([\w-]+)\)/g, (_, id: string) => `](${addressOf(id)})`);
}

/**
 * Template of a field's URL format: opens the dashboard with a filter on the value. A filter in the address replaces those
 * that were saved, so the dashboard's own are there too.
 */
export function linkTemplate(field: string, dashboard: Dashboard, dataView: string): string {
  const filters = filtersOf({ ...dashboard.where, [field]: VALUE }, () => ({ index: dataView }));
  // The URL format of fields puts `…/app/` in front of what does not begin with a slash, a hash or a scheme.
  return `../app/${addressOf(dashboard.id)}?_a=${rison({ filters })}`;
}

/** https://github.com/Nanonid/rison, percent-encoded; all texts are quoted. */
function rison(value: unknown): string {
  if (typeof value === 'string') return `'${encode(value.replace(/[!']/g, '!$&'))}'`;
  if (Array.isArray(value)) return `!(${value.map(rison).join(',')})`;
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([key, inner]) => `${rison(key)}:${rison(inner)}`);
    return `(${parts.join(',')})`;
  }
  return { true: '!t', false: '!f', null: '!n' }[String(value)] ?? String(value);
}

function encode(text: string): string {
  return text === VALUE ? VALUE : encodeURIComponent(text);
}
