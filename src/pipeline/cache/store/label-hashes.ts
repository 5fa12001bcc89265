import type { AnswerLabels } from '../answer/stored-answer.ts';
import type { PurgeFilter } from './answer-store.ts';
import { hashName } from './places.ts';

/** Of a label that is absent; no present one has it. */
const ABSENT = 0;

/** How many labels every answer has; behind them come its tags. */
export const FIXED_LABELS = 4;

/**
 * By which answers are told that a filter means, without being decoded: project, model, user, prompt version, then the
 * tags. Once in four billion another one is meant with them, which costs that one to be asked for again.
 */
export function labelHashes({ project, model, user, promptVersion, tags }: AnswerLabels): number[] {
  const fixed = [hashOf(project), hashOf(model), hashOf(user), hashOf(promptVersion)];
  for (const tag of tags) fixed.push(hashOf(tag));
  return fixed;
}

/** The same of a filter; undefined where it does not say. */
export interface WantedLabels {
  /** In the order of `labelHashes`. */
  readonly fixed: readonly (number | undefined)[];
  readonly tag: number | undefined;
}

export function wantedLabels({ project, model, user, promptVersion, tag }: PurgeFilter): WantedLabels {
  return { fixed: [project, model, user, promptVersion].map(wanted), tag: wanted(tag) };
}

function hashOf(label: string | undefined): number {
  return label === undefined ? ABSENT : hashName(label).high || 1;
}

function wanted(label: string | undefined): number | undefined {
  return label === undefined ? undefined : hashOf(label);
}
