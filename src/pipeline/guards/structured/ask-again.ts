import type { BodyPatch } from '../../../core/body-patch.ts';
import type { Dialect } from '../../../core/call.ts';
import { type Json, type JsonObject, asString } from '../../../core/json.ts';
import type { SchemaFault } from './json-schema/check-json.ts';

/** A longer answer is not said again. Characters. */
const LONGEST_ANSWER = 100_000;

/** What is wrong with an answer, in words for the model that gave it. */
export function whatIsWrong(faults: readonly SchemaFault[]): string {
  const lines = faults.map(({ path, says }) => `- ${path === '' ? 'the whole' : path}: ${says}`);
  return [
    'Your answer is not valid against the JSON schema that was asked for:',
    ...lines,
    'Answer again. Write the corrected JSON and nothing else: no explanation and no code fence.',
  ].join('\n');
}

/**
 * What puts an answer and a word on it behind a conversation, in the dialect of its body; undefined where it cannot be.
 */
export function askAgain(
  dialect: Dialect,
  body: JsonObject,
  answer: string,
  wrong: string,
): readonly BodyPatch[] | undefined {
  if (answer.length > LONGEST_ANSWER) return undefined;
  // Some APIs refuse an empty turn, and one that ends in white space.
  const said = answer.trimEnd() || '(no answer)';
  switch (dialect) {
    case 'openai':
    case 'anthropic':
      return behind('/messages', body['messages'], turns(said, wrong));
    case 'responses':
      return behindInput(body['input'], turns(said, wrong));
    default:
      return behind('/contents', body['contents'], [
        { role: 'model', parts: [{ text: said }] },
        { role: 'user', parts: [{ text: wrong }] },
      ]);
  }
}

function turns(said: string, wrong: string): JsonObject[] {
  return [
    { role: 'assistant', content: said },
    { role: 'user', content: wrong },
  ];
}

function behind(path: string, list: Json | undefined, added: readonly JsonObject[]): readonly BodyPatch[] | undefined {
  if (!Array.isArray(list)) return undefined;
  return added.map((value, at) => ({ op: 'insert', path: `${path}/${list.length + at}`, value }));
}

/** A text is a user's only turn. */
function behindInput(input: Json | undefined, added: readonly JsonObject[]): readonly BodyPatch[] | undefined {
  const text = asString(input);
  if (text === undefined) return behind('/input', input, added);
  return [{ op: 'set', path: '/input', value: [{ role: 'user', content: text }, ...added] }];
}
