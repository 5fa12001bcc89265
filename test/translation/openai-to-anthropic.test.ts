import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../support/fast-check.ts';

import { GatewayError } from '../../src/core/errors.ts';
import type { Feature } from '../../src/core/inference/features.ts';
import { parseExact } from '../../src/core/inference/exact-json.ts';
import type { InferenceRequest } from '../../src/core/inference/request.ts';
import { parseArguments } from '../../src/core/inference/tool-arguments.ts';
import { type JsonObject, isJsonObject } from '../../src/core/json.ts';
import { decode } from '../../src/edge/dialects/openai/decode.ts';
import type { Capabilities } from '../../src/models/capabilities/capabilities.ts';
import { type BuiltBody, buildBody } from '../../src/models/providers/anthropic/build-body.ts';
import { ANTHROPIC_TRANSLATION } from '../../src/models/providers/anthropic/translation-table.ts';
import { openAiRequests } from '../support/openai-requests.ts';
import { documentMissing, fieldNames, schemaErrors } from '../support/openapi-validator.ts';

const skip = documentMissing('anthropic') || documentMissing('openai');

const KNOWN: readonly (Capabilities | undefined)[] = [
  undefined,
  {},
  { jsonSchema: false, reasoning: false, outputTokens: 4096 },
  { reasoning: true, reasoningControls: ['budget'], outputTokens: 64_000, sampling: true },
  { reasoning: true, reasoningControls: ['effort', 'budget', 'adaptive'], outputTokens: 64_000 },
  { reasoning: true, reasoningControls: ['effort', 'adaptive'], reasoningAlways: true, sampling: false },
  { jsonSchema: true, forcedTools: false, reasoningControls: ['effort', 'adaptive'] },
];

/** What goes upstream; undefined where the request is refused in so many words. */
function translate(
  body: JsonObject,
  capabilities: Capabilities | undefined,
): { readonly inference: InferenceRequest; readonly built: BuiltBody; readonly sent: JsonObject } | undefined {
  try {
    const exact = parseExact(JSON.stringify(body));
    assert.ok(isJsonObject(exact));
    const inference = decode(exact);
    const built = buildBody(inference, 'claude-x', capabilities);
    return { inference, built, sent: JSON.parse(JSON.stringify(built.body)) as JsonObject };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    assert.ok(error.code === 'capability_unsupported' || error.code === 'request_invalid', error.message);
    assert.ok(error.param !== undefined, `${error.message} names no field`);
    return undefined;
  }
}

/** Every object in a value. */
function* objectsIn(value: unknown): Generator<JsonObject> {
  if (Array.isArray(value)) for (const member of value) yield* objectsIn(member);
  if (!isJsonObject(value)) return;
  yield value;
  for (const member of Object.values(value)) yield* objectsIn(member);
}

describe('OpenAI chat requests on their way to Anthropic', { skip }, () => {
  const anyCase = fc.tuple(openAiRequests(), fc.constantFrom(...KNOWN));

  it('are made up of all the fields that there are', () => {
    const seen = new Set<string>();
    let translated = 0;
    const bodies = fc.sample(openAiRequests(), { numRuns: 2000, seed: 1 });
    for (const body of bodies) {
      assert.deepEqual(schemaErrors('openai', 'CreateChatCompletionRequest', body), []);
      for (const object of objectsIn(body)) for (const name of Object.keys(object)) seen.add(name);
      if (translate(body, undefined)) translated += 1;
    }
    const names = [...fieldNames('openai', 'CreateChatCompletionRequest')];
    assert.deepEqual(
      names.filter((name) => !seen.has(name)),
      [],
    );
    assert.ok(translated > bodies.length / 2, `only ${translated} of ${bodies.length} got through`);
  });

  it("promise 2: are valid by Anthropic's own document, or refused by the name of a field", () => {
    fc.assert(
      fc.property(anyCase, ([body, capabilities]) => {
        const sent = translate(body, capabilities)?.sent;
        if (sent) assert.deepEqual(schemaErrors('anthropic', 'CreateMessageParams', sent), [], JSON.stringify(sent));
      }),
      { numRuns: 1000 },
    );
  });

  it('promise 2: call the tools that were called, with the same arguments, and answer each call once', () => {
    fc.assert(
      fc.property(anyCase, ([body, capabilities]) => {
        const { inference, built } = translate(body, capabilities) ?? {};
        if (!inference || !built) return;
        const asked = partsOf(inference, 'tool-call');
        const sent = blocksOf(built.body, 'tool_use');
        assert.deepEqual(
          sent.map(({ input }) => JSON.stringify(input)),
          asked.map(({ argumentsText }) => JSON.stringify(parseArguments(argumentsText).input)),
        );
        const ids = sent.map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
        const answered = new Set(blocksOf(built.body, 'tool_result').map((block) => block['tool_use_id']));
        assert.ok([...answered].every((id) => ids.includes(id)));
        assert.equal(answered.size, partsOf(inference, 'tool-result').length);
      }),
      { numRuns: 500 },
    );
  });

  it('keep what Anthropic asks of a conversation and of options that go together', () => {
    fc.assert(
      fc.property(anyCase, ([body, capabilities]) => {
        const sent = translate(body, capabilities)?.sent;
        if (!sent) return;
        const messages = sent['messages'] as { role: string; content: JsonObject[] }[];
        assert.equal(messages[0]?.role, 'user');
        for (const [at, { role, content }] of messages.entries()) {
          const results = content.map(({ type }) => type === 'tool_result');
          assert.deepEqual(
            results,
            results.toSorted((a, b) => Number(b) - Number(a)),
            'results come first',
          );
          const isCalling = role === 'assistant' && content.at(-1)?.['type'] === 'tool_use';
          if (isCalling && messages[at + 1]) assert.equal(messages[at + 1]?.content[0]?.['type'], 'tool_result');
        }
        const last = messages.at(-1)?.role === 'assistant' ? messages.at(-1)?.content.at(-1) : undefined;
        if (last?.['type'] === 'text') assert.doesNotMatch(last['text'] as string, /\s$/);
        const thinking = sent['thinking'] as { type: string; budget_tokens: number } | undefined;
        if (thinking?.type === 'enabled') assert.ok(thinking.budget_tokens < (sent['max_tokens'] as number));
        if (thinking && thinking.type !== 'disabled') assert.equal(sent['temperature'] ?? sent['top_k'], undefined);
        assert.ok(sent['temperature'] === undefined || sent['top_p'] === undefined);
        assert.ok([...objectsIn(sent)].filter((object) => object['cache_control'] !== undefined).length <= 4);
      }),
      { numRuns: 500 },
    );
  });

  it("never have a limit of output tokens that is not the client's own, where it has one", () => {
    fc.assert(
      fc.property(anyCase, ([body, capabilities]) => {
        const { inference, sent } = translate(body, capabilities) ?? {};
        if (inference?.maxOutputTokens !== undefined) assert.equal(sent?.['max_tokens'], inference.maxOutputTokens);
      }),
    );
  });

  it('say what is lost, by the rows of the table that are approximations and by no other', () => {
    fc.assert(
      fc.property(anyCase, ([body, capabilities]) => {
        const { inference, built } = translate(body, capabilities) ?? {};
        if (!inference || !built) return;
        const own = built.notes.slice(inference.notes.length).filter(({ field }) => field !== 'messages');
        const approximated = Object.entries(inference.fields).filter(
          ([feature]) => ANTHROPIC_TRANSLATION[feature as Feature].treatment === 'approximated',
        );
        const mayBeNoted = new Set(approximated.map(([, field]) => field));
        for (const { field, says } of own) assert.ok(mayBeNoted.has(field), `${field} ${says}`);
      }),
      { numRuns: 500 },
    );
  });
});

type Part = InferenceRequest['messages'][number]['content'][number];

function partsOf<T extends Part['type']>({ messages }: InferenceRequest, type: T): Extract<Part, { type: T }>[] {
  const all = messages.flatMap(({ content }): readonly Part[] => content);
  return all.filter((part): part is Extract<Part, { type: T }> => part.type === type);
}

function blocksOf(body: JsonObject, type: string): JsonObject[] {
  const messages = body['messages'] as { content: JsonObject[] }[];
  return messages.flatMap(({ content }) => content.filter((block) => block['type'] === type));
}
