import { loadDashboards } from '../../src/dashboards/load.js';
import type { Dashboard, Measure, Panel, SavedSearch, Split, Terms } from '../../src/dashboards/spec.js';
import { toKuery } from '../../src/query/where.js';
import { escapeCell, pictureOf, table } from './markdown.js';

/** `docs/dashboards.md`: what each dashboard answers and shows, with its picture. */
export function dashboardsPage(): { path: string; content: string }[] {
  const { dashboards, searches, dataView } = loadDashboards();
  const computed = dataView.computed.map(
    ({ name, description, unit }) =>
      `- \`${name}\` (${unit}): ${description} Worked out from the event when it is looked at.`,
  );
  const content = [
    head,
    '![Denied flows in OpenSearch Dashboards 3.3](images/opensearch-dashboards-denied-flows.png)\n',
    ...dashboards.map(dashboardSection),
    '## Saved searches\n',
    table(['search', 'finds', 'query'], searches.map(searchRow)),
    '\n## Data view\n',
    `\`${dataView.pattern}\`, by \`${dataView.timeField}\`. Computed fields:\n`,
    computed.join('\n'),
    '\nValues that lead on:\n',
    dataView.links.map(({ field, to }) => `- \`${field}\` to \`${to}\``).join('\n'),
    '',
  ].join('\n');
  return [{ path: 'docs/dashboards.md', content }];
}

function dashboardSection({ id, title, description, last, where, controls, panels }: Dashboard): string {
  const facts = [
    `- Id: \`${id}\`. Opens with the last ${last}.`,
    ...(Object.keys(where).length > 0 ? [`- Only documents with \`${toKuery(where)}\`.`] : []),
    `- To choose from: ${controls.map(({ field }) => `\`${field}\``).join(', ')}.`,
  ];
  const rows = panels.filter(({ chart }) => chart !== 'text').map(panelRow);
  return [
    `## ${title}\n\n${description}\n`,
    pictureOf(id, title),
    `${facts.join('\n')}\n`,
    `${table(['panel', 'shows', 'by', 'only'], rows)}\n`,
  ].join('\n');
}

function panelRow(panel: Panel): string[] {
  if (panel.chart === 'text') return [];
  if (panel.chart === 'events') return [panel.title, 'events', '', `saved search \`${panel.search}\``];
  const query = toKuery(panel.where);
  return [panel.title, measuresOf(panel), sortedBy(panel), query === '' ? '' : `\`${escapeCell(query)}\``];
}

function measuresOf(panel: Exclude<Panel, { chart: 'text' | 'events' }>): string {
  const measures = panel.chart === 'table' ? panel.measures : [panel.measure];
  return measures.map(measureText).join(', ');
}

const words: Readonly<Record<Exclude<Measure['of'], 'count'>, string>> = {
  unique: 'distinct',
  min: 'least',
  max: 'greatest',
  avg: 'mean',
  p95: '95th percentile of',
};

function measureText({ of, field }: Measure): string {
  return of === 'count' ? 'events' : `${words[of]} \`${field}\``;
}

function sortedBy(panel: Exclude<Panel, { chart: 'text' | 'events' }>): string {
  switch (panel.chart) {
    case 'metric':
      return panel.groups === undefined ? '' : splitText({ groups: panel.groups });
    case 'series':
      return ['time', ...(panel.split ? [splitText(panel.split)] : [])].join(', ');
    case 'bars':
      return [termsText(panel.by), ...(panel.split ? [splitText(panel.split)] : [])].join(', ');
    case 'share':
      return splitText(panel.by);
    case 'table':
      return panel.rows.map(termsText).join(', ');
    case 'heatmap':
      return `${termsText(panel.x)}, ${termsText(panel.y)}`;
  }
}

function splitText(split: Split): string {
  return 'groups' in split ? split.groups.map(({ title }) => title.toLowerCase()).join(' / ') : termsText(split);
}

function termsText({ field }: Terms): string {
  return `\`${field}\``;
}

function searchRow({ id, title, description, where }: SavedSearch): string[] {
  return [`${title} (\`${id}\`)`, description, `\`${escapeCell(toKuery(where))}\``];
}

const head = `# Dashboards

Generated from \`dashboards/\` by \`npm run generate\`; the pictures by \`npm run pictures\`, from the demo's events in \`preview\`.

\`cloudconnexa-ecs setup\` installs them where \`dashboards.url\` is set: into Kibana beside Elasticsearch, into OpenSearch Dashboards
beside OpenSearch. \`export dashboards\` writes the same objects as files to import. \`preview\` draws them on a page of its own, without
either. Allowed is always blue, denied orange: these two can be told apart without seeing red or green. The first picture is of
OpenSearch Dashboards, the others are of \`preview\`.

In Kibana, and in OpenSearch Dashboards by links, a click on a user, device or address leads to its own dashboard. A link of OpenSearch
Dashboards falls back to the period that the dashboard was saved with; for a name with an apostrophe it opens without the filter.

A dashboard of yours is safe from \`setup\`: save a changed one under a new name. What you change in ours stays until a release changes it too.
`;
