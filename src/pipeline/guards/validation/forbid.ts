import { RE2JS, RE2JSSyntaxException } from 're2js';

import { type Finding, type Scan, type Scanner, CLEAN } from '../scan/scanner.ts';
import { PartialMatch } from './partial-match.ts';
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
 * most, since one find is enough for what follows, and looking for all of them is not linear.
 * @param where in answers only the patterns that say so are looked for
 * @throws RE2JSException where a pattern is none, which the check of the configuration excludes
 */
export function forbidScanner({ forbid }: Pick<ValidationSettings, 'forbid'>, where: 'requests' | 'answers'): Scanner {
  const all = readyOf(forbid, where);
  const partial = where === 'answers' ? all.map(({ pattern }) => new PartialMatch(pattern)) : [];
  return {
    scan: (text) => scanWith(all, text),
    held: (end) => partial.reduce((most, one) => Math.max(most, one.held(end)), 0),
  };
}

function readyOf(forbid: Forbidden, where: 'requests' | 'answers'): readonly Ready[] {
  return [...forbid]
    .filter(([, { output }]) => where === 'requests' || output)
    .map(([category, { pattern }]) => ({ category, pattern: RE2JS.compile(pattern) }));
}

function scanWith(all: readonly Ready[], text: string): Scan {
  const findings: Finding[] = [];
  for (const { category, pattern } of all) {
    const matcher = pattern.matcher(text);
    if (matcher.find()) findings.push({ start: matcher.start(), end: matcher.end(), category, score: 1 });
  }
  if (findings.length === 0) return CLEAN;
  return { score: 1, findings: findings.toSorted((a, b) => a.start - b.start) };
}

/** The steps of all patterns together: what one character costs. */
export function forbidSteps({ forbid }: Pick<ValidationSettings, 'forbid'>): number {
  return readyOf(forbid, 'requests').reduce((sum, { pattern }) => sum + pattern.programSize(), 0);
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
