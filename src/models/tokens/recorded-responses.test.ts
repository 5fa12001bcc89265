import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { recordedFiles, recordedText, recordingsMissing } from '../../../test/support/recordings.ts';
import { type JsonObject, isJsonObject, parseJson } from '../../core/json.ts';
import { inputUpperBound } from './upper-bound.ts';

/** What a response repeats of its request. Its input is not among it. */
const REPEATED = ['tools', 'instructions', 'text', 'tool_choice', 'reasoning', 'previous_response_id'];

interface Recorded {
  readonly name: string;
  /** What is known of the request, with a short input. */
  readonly body: JsonObject;
  readonly toolTypes: readonly unknown[];
  readonly inputTokens: number;
}

function recorded(): Recorded[] {
  const files = ['openai/src/responses/__fixtures__/*', 'azure/src/__fixtures__/*'].flatMap(recordedFiles);
  return files.flatMap((name) => {
    const answer = answerIn(recordedText(name), name);
    const { usage } = answer ?? {};
    const tokens = isJsonObject(usage) ? usage['input_tokens'] : undefined;
    if (!answer || typeof tokens !== 'number') return [];
    const repeated = REPEATED.map((field) => [field, answer[field]] as const);
    const tools = Array.isArray(answer['tools']) ? answer['tools'].filter(isJsonObject) : [];
    const body: JsonObject = { input: 'x', ...Object.fromEntries(repeated) };
    return [{ name, body, toolTypes: tools.map(({ type }) => type), inputTokens: tokens }];
  });
}

/** A whole response, or the last one that a stream tells of. */
function answerIn(text: string, name: string): JsonObject | undefined {
  const values = (name.endsWith('.json') ? [text] : text.split('\n')).map(parseJson).filter(isJsonObject);
  const responses = values.map((value) => (value['object'] === 'response' ? value : value['response']));
  return responses.filter(isJsonObject).findLast(({ usage }) => isJsonObject(usage));
}

const OWN = new Set<unknown>(['function', 'custom']);

function boundOf({ body }: Recorded): number | undefined {
  const target = { family: 'openai', model: 'gpt-5', capabilities: undefined };
  return inputUpperBound({ dialect: 'responses', operation: 'chat', body }, target);
}

describe('promise 4: recorded responses', { skip: recordingsMissing() }, () => {
  const all = recorded().filter(({ toolTypes }) => toolTypes.length > 0);

  it('have no bound where OpenAI ran tools', () => {
    const ran = all.filter(({ toolTypes }) => toolTypes.some((type) => !OWN.has(type)));
    assert.ok(ran.length >= 20, `${ran.length}`);
    for (const one of ran) assert.equal(boundOf(one), undefined, one.name);
  });

  it('were billed no more than the bound of what is known of their requests, where functions were declared', () => {
    const declared = all.filter(({ toolTypes }) => toolTypes.every((type) => OWN.has(type)));
    assert.ok(declared.length >= 5, `${declared.length}`);
    for (const one of declared) assert.ok(one.inputTokens <= (boundOf(one) ?? 0), one.name);
  });
});
