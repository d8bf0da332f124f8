import type { ColourName, Measure } from './spec.js';

/**
 * Colours that people who see no red or no green can tell apart, also as shades of grey: from the palette of Okabe and Ito,
 * https://jfly.uni-koeln.de/color/
 */
export const colours: Readonly<Record<ColourName, string>> = {
  allowed: '#0072B2',
  denied: '#E69F00',
  alert: '#D55E00',
  neutral: '#999999',
  second: '#56B4E9',
};

const FIRST = '#0072B2';

/** For values that have no colour of their own, in this order. */
export const palette: readonly string[] = [FIRST, '#E69F00', '#56B4E9', '#D55E00', '#009E73', '#CC79A7', '#999999'];

/** Of a measure that is not split. */
export function colourOf({ colour }: Measure): string {
  return colour === undefined ? FIRST : colours[colour];
}
