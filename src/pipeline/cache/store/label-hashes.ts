import type { AnswerLabels } from '../answer/stored-answer.ts';
import type { PurgeFilter } from './answer-store.ts';
import { hashName } from './places.ts';

/** Of a label that is absent; no present one has it. */
const ABSENT = 0;

/** By which most answers that a filter does not mean are told at a glance: project, model, user, prompt version, tags. */
export function labelHashes({ project, model, user, promptVersion, tags }: AnswerLabels): number[] {
  let tagBits = 0;
  for (const tag of tags) tagBits |= bitOf(tag);
  return [hashOf(project), hashOf(model), hashOf(user), hashOf(promptVersion), tagBits >>> 0];
}

/** @param labelAt what `labelHashes` made, by its place there */
export function mayMatch({ project, model, user, promptVersion, tag }: PurgeFilter): (labelAt: LabelAt) => boolean {
  const wanted = [project, model, user, promptVersion].map((one) => (one === undefined ? undefined : hashOf(one)));
  const bit = tag === undefined ? 0 : bitOf(tag) >>> 0;
  return (labelAt) =>
    wanted.every((hash, index) => hash === undefined || hash === labelAt(index)) &&
    (bit === 0 || (labelAt(4) & bit) !== 0);
}

type LabelAt = (index: number) => number;

function hashOf(label: string | undefined): number {
  return label === undefined ? ABSENT : hashName(label).high || 1;
}

function bitOf(tag: string): number {
  return 1 << (hashName(tag).low & 31);
}
