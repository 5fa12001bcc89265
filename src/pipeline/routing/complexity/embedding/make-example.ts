import type { MadeVector } from '../../../../models/vectors/embed/messages.ts';
import type { ComplexityQuestion } from '../question.ts';
import { signalsOf } from '../rules/signals.ts';
import type { Example } from './example.ts';
import { featuresOf } from './features.ts';

/** What is encoded of a question takes time by its length. Code units. */
const MOST_ENCODED = 2000;

/** The text whose vector stands for the question. */
export function encodedText({ asked }: ComplexityQuestion): string {
  return asked.slice(0, MOST_ENCODED);
}

/** @param made the vector of `encodedText(question)` */
export function makeExample(
  id: string,
  question: ComplexityQuestion,
  made: MadeVector,
  became: Pick<Example, 'smallOk' | 'largeOk' | 'tier'>,
): Example {
  return { id, space: made.space, vector: made.vector, features: featuresOf(signalsOf(question)), ...became };
}
