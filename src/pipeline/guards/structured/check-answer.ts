import type { StreamEvent } from '../../../core/events.ts';
import { type Json, type JsonObject, parseJson } from '../../../core/json.ts';
import { type SchemaFault, checkJson } from './json-schema/check-json.ts';
import { choicesIn } from './said-choices.ts';

/** What an answer is, held against its schema. */
export type AnswerCheck =
  | { readonly outcome: 'valid'; readonly unchecked: readonly string[] }
  | {
      readonly outcome: 'invalid';
      readonly unchecked: readonly string[];
      readonly faults: readonly SchemaFault[];
      /** What was said, where it was one answer. */
      readonly said: string | undefined;
    }
  /** There is no text that could be as the schema says. */
  | { readonly outcome: 'skipped'; readonly reason: string }
  | { readonly outcome: 'undecided'; readonly reason: string };

/** A longer text is not parsed on the request thread. Characters. */
export const LONGEST_TEXT = 1024 * 1024;

/** What guards put in the place of personal data, see the vault: what stands for it is not known here. */
const MARK = /\[[A-Z][A-Z_]{0,30}(?:_[0-9A-Z]{1,16})?\]/;
const isMark = (text: string): boolean => MARK.test(text);

/**
 * Holds each answer against the schema. The text has to be JSON and nothing else: a code fence is not.
 * @param events undefined where nobody can read the answer
 * @param hasMarks the request was changed, so that answers may have marks in the place of texts
 */
export function checkAnswer(
  schema: JsonObject,
  events: readonly StreamEvent[] | undefined,
  hasMarks: boolean,
): AnswerCheck {
  if (!events) return { outcome: 'undecided', reason: 'the answer is too long, or cannot be read' };
  const choices = choicesIn(events);
  const texts = choices.filter(({ isOther }) => !isOther).map(({ text }) => text);
  if (texts.length === 0) return { outcome: 'skipped', reason: 'tool calls or a refusal' };
  if (texts.some(({ length }) => length > LONGEST_TEXT))
    return { outcome: 'undecided', reason: 'the answer is too long' };
  const faults: SchemaFault[] = [];
  const values: Json[] = [];
  for (const text of texts) {
    const value = parseJson(text);
    if (value === undefined) faults.push({ path: '', keyword: 'json', says: 'has to be JSON and nothing else' });
    else values.push(value);
  }
  const checked = checkJson(schema, values, hasMarks ? { isStandIn: isMark } : {});
  if (checked.outcome === 'undecided') return checked;
  const { unchecked } = checked;
  faults.push(...checked.faults);
  if (faults.length === 0) return { outcome: 'valid', unchecked };
  return { outcome: 'invalid', faults, unchecked, said: choices.length === 1 ? texts[0] : undefined };
}
