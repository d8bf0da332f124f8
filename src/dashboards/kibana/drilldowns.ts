import type { Reference } from '../saved-object.js';
import type { ChartPanel, Dashboard, Dashboards, Split } from '../spec.js';

const DRILLDOWN = 'DASHBOARD_TO_DASHBOARD_DRILLDOWN';

export interface Drilldowns {
  /** `enhancements` of the panel. */
  readonly enhancements: object;
  readonly references: readonly Reference[];
}

export const noDrilldowns: Drilldowns = { enhancements: {}, references: [] };

/**
 * A click on a value of the panel leads to the dashboards that its fields are linked to, with a filter on the value and the
 * same time range. Filters of this dashboard stay behind: those it was saved with would hide what else a user did.
 */
export function drilldownsOf(panel: ChartPanel, { id }: Dashboard, specs: Dashboards): Drilldowns {
  const targets = targetsOf(panel, specs).filter((target) => target.id !== id);
  if (targets.length === 0) return noDrilldowns;
  return {
    enhancements: { dynamicActions: { events: targets.map(event) } },
    references: targets.map((target) => ({
      type: 'dashboard',
      id: target.id,
      name: `drilldown:${DRILLDOWN}:${eventId(target)}:dashboardId`,
    })),
  };
}

function targetsOf(panel: ChartPanel, { dataView, dashboards }: Dashboards): Dashboard[] {
  const fields = new Set(clickable(panel));
  const ids = new Set(dataView.links.filter(({ field }) => fields.has(field)).map(({ to }) => to));
  return dashboards.filter(({ id }) => ids.has(id));
}

/** Fields whose values are drawn as something to click. Not those of a time series: there a click may mean a time. */
function clickable(panel: ChartPanel): string[] {
  switch (panel.chart) {
    case 'metric':
    case 'series':
      return [];
    case 'bars':
      return [panel.by.field, ...splitFields(panel.split)];
    case 'share':
      return splitFields(panel.by);
    case 'table':
      return panel.rows.map(({ field }) => field);
    case 'heatmap':
      return [panel.x.field, panel.y.field];
  }
}

function splitFields(split: Split | undefined): string[] {
  return split === undefined || 'groups' in split ? [] : [split.field];
}

/** The dashboard is named by a reference only. */
function event(target: Dashboard): object {
  const config = { useCurrentFilters: false, useCurrentDateRange: true, openInNewTab: false };
  return {
    eventId: eventId(target),
    triggers: ['FILTER_TRIGGER'],
    action: { factoryId: DRILLDOWN, name: `Show in ${target.title}`, config },
  };
}

function eventId({ id }: Dashboard): string {
  return `to-${id}`;
}
