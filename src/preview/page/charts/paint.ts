import { colours, palette } from '../../../dashboards/colours.js';
import type { Series } from '../../../dashboards/data.js';
import { h } from '../dom.js';

/** What means something keeps its colour for itself as long as there are others. */
const meaning: readonly string[] = [colours.denied, colours.alert];
const plain = [...palette.filter((colour) => !meaning.includes(colour)), ...meaning];

export interface Paint {
  readonly colour: string;
  /** Drawn with stripes, so that it differs from the others without its colour too. */
  readonly striped: boolean;
}

/** How a series is drawn: what has a colour of its own keeps it everywhere. */
export function paintOf({ colour }: Pick<Series, 'colour'>, index: number): Paint {
  return {
    colour: colour === undefined ? (plain[index % plain.length] ?? colours.neutral) : colours[colour],
    striped: colour === 'denied' || colour === 'alert',
  };
}

/** A small field of the paint, for legends. */
export function swatch(paint: Paint): HTMLElement {
  return h('span', { ...painted('swatch', paint), attrs: { 'aria-hidden': true } });
}

/** Class and style of an element that shows the paint. */
export function painted(
  name: string,
  { colour, striped }: Paint,
): { class: string; style: Readonly<Record<string, string>> } {
  return { class: `${name}${striped ? ' striped' : ''}`, style: { '--paint': colour } };
}

/** ECharts' words for stripes. */
export const stripes = {
  symbol: 'rect',
  dashArrayX: [1, 0],
  dashArrayY: [2, 4],
  rotation: -Math.PI / 4,
  color: 'rgba(255,255,255,0.55)',
} as const;
