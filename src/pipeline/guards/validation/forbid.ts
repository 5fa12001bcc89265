import { RE2JS, RE2JSSyntaxException } from 're2js';

import { type Finding, type Scan, type Scanner, CLEAN } from '../scan/scanner.ts';
import { PartialMatch } from './partial-match.ts';
import { type PlainText, plainText } from './plain-text.ts';
import type { ValidationSettings } from './settings.ts';

type Forbidden = ValidationSettings['forbid'];

/**
 * Larger ones, in steps of the engine's program, are refused when the configuration is read: each step may cost some
 * 20 ns for each character. Repetitions such as `.{500}` make a pattern large.
 */
const MOST_STEPS = 1000;

interface Ready {
  readonly category: string;
  readonly pattern: RE2JS;
}

/**
 * Looks for the operator's own patterns; the category of a find is the pattern's name. Each pattern is found once at
 * most, since one find is enough for what follows, and looking for all of them is not linear. What is not found in the text as it
 * is given is looked for in what a reader takes it for.
 * @param where in answers only the patterns that say so are looked for
 * @throws RE2JSException where a pattern is none, which the check of the configuration excludes
 */
export function forbidScanner({ forbid }: Pick<ValidationSettings, 'forbid'>, where: 'requests' | 'answers'): Scanner {
  const all = readyOf(forbid, where);
  const partial = where === 'answers' ? all.map(({ pattern }) => new PartialMatch(pattern)) : [];
  return {
    scan: (text) => scanWith(all, text),
    held: (end) => (partial.length === 0 ? 0 : heldWith(partial, end)),
  };
}

function readyOf(forbid: Forbidden, where: 'requests' | 'answers'): readonly Ready[] {
  return [...forbid]
    .filter(([, { output }]) => where === 'requests' || output)
    .map(([category, { pattern }]) => ({ category, pattern: RE2JS.compile(pattern) }));
}

function heldWith(partial: readonly PartialMatch[], end: string): number {
  const most = (text: string): number => partial.reduce((sum, one) => Math.max(sum, one.held(text)), 0);
  const plain = plainText(end);
  if (!plain) return most(end);
  const heldPlain = most(plain.text);
  const begin = heldPlain === 0 ? end.length : (plain.places[plain.text.length - heldPlain] ?? 0);
  return Math.max(most(end), end.length - begin);
}

function scanWith(all: readonly Ready[], text: string): Scan {
  const findings: Finding[] = [];
  let plain: PlainText | undefined;
  for (const { category, pattern } of all) {
    const found = findIn(pattern, text);
    if (found) {
      findings.push({ ...found, category, score: 1 });
      continue;
    }
    plain ??= plainText(text) ?? { text, places: NO_PLACES };
    const inPlain = plain.text === text ? undefined : findIn(pattern, plain.text);
    if (inPlain) findings.push({ ...inGiven(plain, inPlain), category, score: 1 });
  }
  if (findings.length === 0) return CLEAN;
  return { score: 1, findings: findings.toSorted((a, b) => a.start - b.start) };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const NO_PLACES = new Uint32Array(0);

function findIn(pattern: RE2JS, text: string): Span | undefined {
  const matcher = pattern.matcher(text);
  return matcher.find() ? { start: matcher.start(), end: matcher.end() } : undefined;
}

function inGiven({ places }: PlainText, { start, end }: Span): Span {
  return { start: places[start] ?? 0, end: places[end] ?? 0 };
}

/** The steps of all patterns together, for both readings of a text: what one character costs. */
export function forbidSteps({ forbid }: Pick<ValidationSettings, 'forbid'>): number {
  return readyOf(forbid, 'requests').reduce((sum, { pattern }) => sum + 2 * pattern.programSize(), 0);
}

/** What is wrong with a pattern of an operator; undefined where nothing is. */
export function patternProblem(pattern: string): string | undefined {
  let steps: number;
  try {
    steps = RE2JS.compile(pattern).programSize();
  } catch (thrown) {
    return `no pattern of RE2${reasonOf(thrown, pattern)}; look-arounds and \\1 are none, and brackets have to be closed`;
  }
  if (RE2JS.matches(pattern, '')) return 'found in every text, also in an empty one; write what has to be there';
  if (steps <= MOST_STEPS) return undefined;
  return `too large, since it takes ${steps} steps and ${MOST_STEPS} are allowed; write smaller repetitions`;
}

/** What the engine says, and where. */
function reasonOf(thrown: unknown, pattern: string): string {
  if (!(thrown instanceof RE2JSSyntaxException)) return '';
  const at = pattern.indexOf(thrown.getPattern() ?? pattern);
  const place = at > 0 ? ` from character ${at + 1} on` : '';
  return ` (${thrown.getDescription()}${place})`;
}
