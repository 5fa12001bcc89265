import { RE2JS } from 're2js';

import { isTimeZone } from '../../../core/time-zone.ts';
import { SCRIPTS } from '../../../core/texts/script.ts';
import type { RouteConditionSettings, RouteSettings } from '../settings.ts';

/** Something that no single field of a route can know. */
interface RouteProblem {
  /** The field at fault: `cascade.judge`, `rules[0].when.hours.timeZone`. */
  readonly key: string;
  readonly message: string;
}

/** What is wrong with a route whose fields are each right. */
export function routeProblems(route: RouteSettings): RouteProblem[] {
  const rules = route.rules.flatMap(({ when, unless }, at) => [
    ...conditionProblems(when, `rules[${at}].when`),
    ...(unless ? conditionProblems(unless, `rules[${at}].unless`) : []),
  ]);
  return [...choiceProblems(route), ...rules, ...complexityProblems(route), ...cascadeProblems(route)];
}

function choiceProblems({ by, targets }: RouteSettings): RouteProblem[] {
  const isNobodys = targets.every(({ weight }) => weight === 0);
  if (by !== 'weight' || !isNobodys) return [];
  return [{ key: 'targets', message: 'all weights are 0; give one of them more' }];
}

function conditionProblems(conditions: RouteConditionSettings, key: string): RouteProblem[] {
  const { hours, length, messages, budgetUsed, languages = [] } = conditions;
  const problems: RouteProblem[] = [];
  if (Object.keys(conditions).length === 0) {
    problems.push({ key, message: 'no condition, so that it always holds; name one, or order the targets otherwise' });
  }
  if (hours && !isTimeZone(hours.timeZone)) {
    const message = `${JSON.stringify(hours.timeZone)} is no time zone; write its IANA name, e.g. "Europe/Berlin"`;
    problems.push({ key: `${key}.hours.timeZone`, message });
  }
  for (const [at, language] of languages.entries()) {
    if (SCRIPTS.some((script) => script === language)) continue;
    const message = `${JSON.stringify(language)} is none of ${SCRIPTS.join(', ')}; languages of one script are not told apart`;
    problems.push({ key: `${key}.languages[${at}]`, message });
  }
  for (const [name, range] of Object.entries({ length, messages, budgetUsed })) {
    if (range?.atLeast === undefined || range.atMost === undefined || range.atLeast <= range.atMost) continue;
    problems.push({ key: `${key}.${name}`, message: 'atLeast is more than atMost, so that it never holds' });
  }
  return problems;
}

function complexityProblems({ by, targets, complexity }: RouteSettings): RouteProblem[] {
  const problems: RouteProblem[] = [];
  if (by === 'complexity' && targets.every(({ tiers }) => tiers.length === 0)) {
    const message = 'no target says which tiers it is for; write e.g. tiers: [simple, medium] at one of them';
    problems.push({ key: 'targets', message });
  }
  if (complexity?.kind === 'model' && !complexity.model) {
    problems.push({ key: 'complexity.model', message: 'missing; write the provider and model that is asked' });
  }
  const { medium = 0.25, complex = 0.5, reasoning = 0.75 } = complexity?.thresholds ?? {};
  if (complexity && !(medium <= complex && complex <= reasoning)) {
    const message = `medium (${medium}), complex (${complex}) and reasoning (${reasoning}) do not rise`;
    problems.push({ key: 'complexity.thresholds', message });
  }
  return problems;
}

function cascadeProblems({ cascade }: RouteSettings): RouteProblem[] {
  if (!cascade) return [];
  const { check, judge, validator } = cascade;
  const problems: RouteProblem[] = [];
  if (check === 'judge' && !judge) {
    problems.push({ key: 'cascade.judge', message: 'missing; write the provider and model that judges' });
  }
  const { json, matches, minChars, without } = validator;
  const asksNothing = !json && matches === undefined && minChars === undefined && without.length === 0;
  if (check === 'validator' && asksNothing) {
    problems.push({ key: 'cascade.validator', message: 'asks nothing of an answer; say what has to be so of it' });
  }
  if (matches !== undefined && !isPattern(matches)) {
    problems.push({ key: 'cascade.validator.matches', message: 'no pattern of RE2; look-arounds and \\1 are none' });
  }
  return problems;
}

function isPattern(pattern: string): boolean {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}
