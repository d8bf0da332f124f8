export type Child = Node | string | number | false | undefined;

type Handlers = { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

export interface Props {
  readonly class?: string;
  /** `true` is an attribute without a value; false and undefined are left out. */
  readonly attrs?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Style properties, custom ones (`--share`) too; a `style` attribute would be refused by our own security policy. */
  readonly style?: Readonly<Record<string, string>>;
  readonly on?: Handlers;
}

/** Makes an element. Texts become text nodes: whatever events say, it is never markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { class: className, attrs = {}, style = {}, on = {} }: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== undefined) element.className = className;
  for (const [name, value] of Object.entries(attrs)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value);
  for (const [name, handler] of Object.entries(on)) element.addEventListener(name, handler as EventListener);
  element.append(...visible(children));
  return element;
}

export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...visible(children));
}

function visible(children: readonly Child[]): (Node | string)[] {
  return children
    .filter((child) => child !== undefined && child !== false)
    .map((child) => (typeof child === 'number' ? String(child) : child));
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** A line drawing in a square of 16 units. */
export function icon(path: string): SVGElement {
  const svg = document.createElementNS(svgNamespace, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(svgNamespace, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

export const icons = {
  dashboard: 'M2 2h5v7H2zM9 2h5v4H9zM9 8h5v6H9zM2 11h5v3H2z',
  search: 'M2 3h12M2 7h7M2 11h5M13.5 13.5l-2-2M12.5 9.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z',
  rules: 'M4 7a4 4 0 0 1 8 0c0 4 1.5 5 1.5 5h-11S4 11 4 7zM6.5 14h3',
  reload: 'M13 8a5 5 0 1 1-1.5-3.5L13 6M13 2.5V6H9.5',
  table: 'M2 3h12v10H2zM2 6.5h12M2 10h12M6.5 3v10',
  chart: 'M2 14h12M4 11.5V8M8 11.5V3M12 11.5V6',
  filter: 'M2 3h12L9.5 8.5V13l-3-1.5v-3z',
  close: 'M4 4l8 8M12 4l-8 8',
  open: 'M6 4l4 4-4 4',
} as const;
