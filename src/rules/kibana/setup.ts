import { spokenDuration } from '../esql.js';
import type { Detect, Rule } from '../spec.js';

/** What somebody has to know or do before they enable the rule in Kibana, Markdown. */
export function setupOf({ detect }: Rule): string {
  const common =
    'Events of OpenVPN CloudConnexa, shipped by cloudconnexa-ecs, whose `setup` has installed the index templates.';
  return `## Setup\n\n${[common, ...ownOf(detect)].join(' ')}\n`;
}

function ownOf(detect: Detect): string[] {
  switch (detect.kind) {
    case 'each':
      return [
        `Kibana makes an alert for each event; where your licence has alert suppression, suppress by ${quoted(detect.groupBy)}.`,
      ];
    case 'new_value':
      return [
        `Without history everything is new: enable the rule when there are events of ${spokenDuration(detect.history)}, not on the first day.`,
      ];
    case 'indicator':
      return [`A threat intelligence feed in ${quoted(detect.indicators)} with \`${detect.indicatorField}\`.`];
    case 'silence':
      return ['It alerts again at each run for as long as the silence lasts.'];
    case 'threshold':
    case 'distinct':
    case 'sequence':
      return [];
  }
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
