import { asCount, asString } from '../../../core/json.ts';
import { durationText } from '../../../core/units.ts';
import { type Notice, shownName } from './notice.ts';
import { type Language, WORDS, type Words } from './words.ts';

/** A notice in words: what every form of message is made of. */
export interface Message {
  /** One line: `[Alert] Causeway: too many requests fail (model chat)`. */
  readonly title: string;
  /** Labels with what they stand for. */
  readonly lines: readonly (readonly [label: string, value: string])[];
  readonly state: Notice['state'];
  readonly severity: Notice['severity'];
  /** Between a label and its value. */
  readonly colon: string;
}

/** Facts of an event that has no words of its own; more than this nobody reads. */
const MOST_FACTS = 12;

export function messageOf(notice: Notice, language: Language): Message {
  const words = WORDS[language];
  const { state, severity } = notice;
  return { title: titleOf(notice, words), lines: linesOf(notice, words), state, severity, colon: words.colon };
}

/** All of it as plain text. */
export function plainText({ title, lines, colon }: Message): string {
  return [title, '', ...lines.map(([label, value]) => `${label}${colon}${value}`)].join('\n');
}

function titleOf({ state, source, kind, subject }: Notice, words: Words): string {
  const head = `[${words.states[state]}] ${shownName(source)}${words.colon}`;
  if (state === 'test') return `${head}${words.test}`;
  return `${head}${words.kinds[kind] ?? kind} (${subjectText(subject, words)})`;
}

function linesOf({ alert, severity, subject, evidence, at, state }: Notice, words: Words): [string, string][] {
  const { labels } = words;
  const time: [string, string] = [labels.at, new Date(at).toISOString()];
  if (state === 'test') return [time];
  const facts = 'value' in evidence && 'unit' in evidence ? measuredLines(evidence, words) : factLines(evidence);
  return [
    [labels.alert, shownName(alert)],
    [labels.severity, words.severities[severity]],
    [labels.subject, subjectText(subject, words)],
    ...facts,
    time,
  ];
}

function subjectText(subject: string, { subjects }: Words): string {
  const [, kind = '', name = ''] = /^([a-z]+)(?::(.*))?$/s.exec(subject) ?? [];
  const word = subjects[kind];
  if (word === undefined) return shownName(subject);
  return name === '' ? word : `${word} ${shownName(name)}`;
}

/** Of a rule that is measured. */
function measuredLines(evidence: Notice['evidence'], { labels }: Words): [string, string][] {
  const unit = asString(evidence['unit']);
  const quantile = asString(evidence['quantile']);
  const value = valueText(asCount(evidence['value']), unit);
  const above = asCount(evidence['above']);
  const window = asCount(evidence['window_ms']);
  const requests = asCount(evidence['requests']);
  return [
    [labels.value, quantile === undefined ? value : `${quantile} ${value}`],
    ...(above === undefined ? [] : [[labels.above, valueText(above, unit)] as [string, string]]),
    ...(window === undefined ? [] : [[labels.window, durationText(window)] as [string, string]]),
    ...(requests === undefined ? [] : [[labels.requests, String(requests)] as [string, string]]),
  ];
}

/** With its unit: 0.234 → 23.4 %. */
export function valueText(value: number | undefined, unit: string | undefined): string {
  if (value === undefined) return '–';
  if (unit === 'share') return `${rounded(value * 100)} %`;
  if (unit === 'ms') return value < 1000 ? `${rounded(value)} ms` : `${rounded(value / 1000)} s`;
  return unit === 'usd' ? `$${rounded(value)}` : String(rounded(value));
}

function rounded(value: number): number {
  return Number(value.toPrecision(3)) < 1000 ? Number(value.toPrecision(3)) : Math.round(value);
}

/** Numbers and names, as the event has them. */
function factLines(evidence: Notice['evidence']): [string, string][] {
  const facts = Object.entries(evidence).flatMap(([name, value]): [string, string][] => {
    const isShown = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isShown ? [[shownName(name), shownName(String(value))]] : [];
  });
  return facts.slice(0, MOST_FACTS);
}
