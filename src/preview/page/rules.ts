import type { Finding } from '../../rules/finding.js';
import type { FindingsAnswer, RuleSpec } from '../protocol.js';
import { commonQuery, type Look } from './app.js';
import { ask } from './ask.js';
import { fill, h } from './dom.js';
import { findingsTable } from './findings.js';
import { formatNumber } from './format.js';
import { frame, load, type Frame } from './frame.js';
import { drawInline, markdown, webLink } from './markdown-view.js';
import { parseInline } from './markdown.js';

/** So many rules are asked at a time: some of them search far back. */
const AT_ONCE = 3;

/** Every rule with what it would have found in the period. Those that fired come first. */
export function rulesPage(look: Look): HTMLElement {
  const summary = h('p', { class: 'summary', attrs: { 'aria-live': 'polite' } });
  const cards = look.specs.rules.map((rule) => ({ rule, part: cardOf(look, rule), findings: 0 }));
  const list = h('div', { class: 'rules' }, ...cards.map(({ part }) => part.element));
  const tell = (): void => {
    const fired = cards.filter(({ findings }) => findings > 0);
    const total = fired.reduce((sum, { findings }) => sum + findings, 0);
    fill(
      summary,
      h('strong', {}, `${fired.length} of ${cards.length}`),
      ` rules fired, ${formatNumber(total)} findings`,
    );
  };
  const order = (): void => list.append(...byImportance(cards).map(({ part }) => part.element));
  order();
  const work = cards.map((card) => async () => {
    await showFindings(look, card.rule, card.part, (count) => (card.findings = count));
    if (!look.signal.aborted) tell();
  });
  fill(summary, 'Asking the rules …');
  // Only at the end: nobody reads what jumps about.
  void Promise.all(Array.from({ length: AT_ONCE }, () => workThrough(work))).then(order);
  return h('div', {}, summary, list);
}

async function workThrough(work: (() => Promise<void>)[]): Promise<void> {
  for (let next = work.shift(); next !== undefined; next = work.shift()) await next();
}

interface Card {
  readonly rule: RuleSpec;
  readonly part: Frame;
  readonly findings: number;
}

function byImportance(cards: readonly Card[]): Card[] {
  const weight = ({ rule, findings }: Card): number => (findings > 0 ? 1000 : 0) + rule.riskScore;
  return [...cards].sort((a, b) => weight(b) - weight(a));
}

function cardOf(look: Look, rule: RuleSpec): Frame {
  const part = frame(rule.id, rule.title, 'rule');
  const { severity, riskScore, attack } = rule;
  part.element.prepend(
    h(
      'div',
      { class: 'badges' },
      h('span', { class: `severity ${severity}` }, severity),
      h('span', { class: 'faint', attrs: { title: 'Risk score, of 100' } }, `risk ${riskScore}`),
      ...attack.map((id) => h('span', { class: 'technique' }, webLink(techniqueUrl(id), id))),
    ),
  );
  part.body.before(h('p', { class: 'description' }, ...drawInline(look, parseInline(rule.description))));
  part.element.append(about(look, rule));
  return part;
}

function techniqueUrl(id: string): string {
  return `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`;
}

function about(look: Look, { why, triage, falsePositives, window, every }: RuleSpec): HTMLElement {
  return h(
    'details',
    { class: 'about' },
    h('summary', {}, 'Why it matters and how to triage'),
    h('div', { class: 'columns' }, section('Why', markdown(look, why)), section('Triage', markdown(look, triage))),
    falsePositives.length > 0 &&
      section('False positives', markdown(look, falsePositives.map((one) => `- ${one}`).join('\n'))),
    h('p', { class: 'faint' }, `Runs every ${every} over the last ${window}.`),
  );
}

function section(title: string, content: HTMLElement): HTMLElement {
  return h('section', {}, h('h4', {}, title), content);
}

async function showFindings(look: Look, rule: RuleSpec, part: Frame, tell: (count: number) => void): Promise<void> {
  const query = commonQuery(look);
  query.set('rule', rule.id);
  await load(look, part, {
    load: () => ask<FindingsAnswer>('findings', query, look.signal),
    draw: ({ findings }) => {
      tell(findings.length);
      part.element.classList.toggle('fired', findings.length > 0);
      fill(part.tools, count(findings));
      part.body.append(
        findings.length > 0
          ? findingsTable(look, rule, findings)
          : h('p', { class: 'faint' }, 'Silent in this period.'),
      );
      return 'ready';
    },
  });
}

function count(findings: readonly Finding[]): HTMLElement | undefined {
  if (findings.length === 0) return undefined;
  const text = findings.length === 1 ? '1 finding' : `${formatNumber(findings.length)} findings`;
  return h('span', { class: 'count' }, text);
}
