import { fieldsOf } from '../../query/where.js';
import type { Detect, Rule } from '../spec.js';

/** The fields of our documents that a rule looks at or groups by, each once, in alphabetical order. */
export function fieldsOfRule({ where, detect }: Rule): string[] {
  return [...new Set([...fieldsOf(where), ...detect.groupBy, ...detected(detect)])].sort();
}

function detected(detect: Detect): string[] {
  switch (detect.kind) {
    case 'distinct':
    case 'new_value':
    case 'indicator':
      return [detect.field];
    case 'sequence':
      return [...fieldsOf(detect.first), ...fieldsOf(detect.then)];
    case 'each':
    case 'threshold':
    case 'silence':
      return [];
  }
}
