import type { Look } from './app.js';
import { ServerFault } from './ask.js';
import { fill, h, type Child } from './dom.js';

/** A titled part of the page that waits for something, then shows it, or says why it can't. */
export interface Frame {
  readonly element: HTMLElement;
  readonly body: HTMLElement;
  /** Buttons beside the title. */
  readonly tools: HTMLElement;
}

type Condition = 'loading' | 'ready' | 'empty' | 'error';

export function frame(name: string, title: string, kind: string): Frame {
  const body = h('div', { class: 'body', attrs: { 'data-kind': kind } });
  const tools = h('div', { class: 'tools' });
  const element = h(
    'section',
    { class: 'panel', attrs: { 'data-panel': name, 'aria-label': title } },
    h('header', {}, h('h3', { attrs: { title } }, title), tools),
    body,
  );
  return { element, body, tools };
}

export function setCondition({ element }: Frame, condition: Condition): void {
  element.dataset['state'] = condition;
  element.setAttribute('aria-busy', String(condition === 'loading'));
}

/**
 * Shows what `load` gets by `draw`, which says whether there was anything; a failure becomes words. Never fails itself; after
 * the look has ended nothing is shown any more.
 */
export async function load<T>(
  look: Look,
  part: Frame,
  work: { load: () => Promise<T>; draw: (found: T) => 'ready' | 'empty' },
): Promise<void> {
  setCondition(part, 'loading');
  fill(part.body, h('div', { class: 'skeleton', attrs: { role: 'status', 'aria-label': 'Loading' } }));
  try {
    const found = await work.load();
    if (look.signal.aborted) return;
    fill(part.body);
    const condition = work.draw(found);
    if (condition === 'empty') fill(part.body, ...nothing(look));
    setCondition(part, condition);
  } catch (error) {
    if (look.signal.aborted) return;
    fill(part.body, ...failure(error));
    setCondition(part, 'error');
  }
}

function nothing({ state }: Look): Child[] {
  const filtered = state.verdict !== undefined || Object.keys(state.filters).length > 0;
  const advice = filtered ? 'Remove a filter or choose a longer period.' : 'Choose a longer period.';
  return [h('div', { class: 'notice' }, h('strong', {}, 'No documents match'), h('span', {}, advice))];
}

function failure(error: unknown): Child[] {
  const { message, remedy, code } =
    error instanceof ServerFault ? error.fault : { message: String(error), remedy: 'Reload the page.', code: 'PAGE' };
  return [
    h(
      'div',
      { class: 'notice failure', attrs: { role: 'alert' } },
      h('strong', {}, 'This could not be loaded'),
      h('span', {}, message),
      h('span', { class: 'faint' }, remedy, ' ', h('code', {}, code)),
    ),
  ];
}
