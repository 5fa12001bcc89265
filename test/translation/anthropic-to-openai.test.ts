import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../support/fast-check.ts';

import { GatewayError } from '../../src/core/errors.ts';
import type { Feature } from '../../src/core/inference/features.ts';
import { parseExact } from '../../src/core/inference/exact-json.ts';
import type { InferenceRequest } from '../../src/core/inference/request.ts';
import { type JsonObject, isJsonObject } from '../../src/core/json.ts';
import { decode } from '../../src/edge/dialects/anthropic/decode.ts';
import type { Capabilities } from '../../src/models/capabilities/capabilities.ts';
import { PRESETS } from '../../src/models/providers/openai-compatible/presets.ts';
import { type BuiltBody, buildBody } from '../../src/models/providers/openai/build-body.ts';
import { COMPATIBLE_QUIRKS, OPENAI_QUIRKS, type ServerQuirks } from '../../src/models/providers/openai/quirks.ts';
import { wireToolId } from '../../src/models/providers/openai/tool-names.ts';
import { OPENAI_TRANSLATION } from '../../src/models/providers/openai/translation-table.ts';
import { anthropicRequests } from '../support/anthropic-requests.ts';
import { documentMissing, fieldNames, schemaErrors } from '../support/openapi-validator.ts';

const skip = documentMissing('anthropic') || documentMissing('openai');

const KNOWN: readonly (Capabilities | undefined)[] = [
  undefined,
  {},
  { reasoning: false, jsonSchema: false, outputTokens: 4096 },
  { reasoning: true, sampling: false, efforts: ['minimal', 'low', 'medium', 'high'], reasoningAlways: true },
  { reasoning: true, sampling: false, efforts: ['none', 'low', 'high', 'xhigh'], toolsWhileReasoning: false },
  { parallelTools: false, forcedTools: false },
];

const MODELS = ['gpt-4.1', 'gpt-5-mini', 'o4-mini'] as const;

interface Translated {
  readonly inference: InferenceRequest;
  readonly built: BuiltBody;
  readonly sent: JsonObject;
}

/** What goes upstream; undefined where the request is refused in so many words. */
function translate(
  body: JsonObject,
  capabilities: Capabilities | undefined,
  server: ServerQuirks,
  model: string,
): Translated | undefined {
  try {
    const exact = parseExact(JSON.stringify(body));
    assert.ok(isJsonObject(exact));
    const inference = decode(exact);
    const built = buildBody(inference, model, capabilities, server);
    return { inference, built, sent: JSON.parse(JSON.stringify(built.body)) as JsonObject };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    assert.ok(error.code === 'capability_unsupported' || error.code === 'request_invalid', error.message);
    assert.ok(error.param !== undefined, `${error.message} names no field`);
    return undefined;
  }
}

function* objectsIn(value: unknown): Generator<JsonObject> {
  if (Array.isArray(value)) for (const member of value) yield* objectsIn(member);
  if (!isJsonObject(value)) return;
  yield value;
  for (const member of Object.values(value)) yield* objectsIn(member);
}

const servers = fc.constantFrom<ServerQuirks>(
  OPENAI_QUIRKS,
  COMPATIBLE_QUIRKS,
  ...Object.values(PRESETS).map(({ quirks }) => quirks),
);

describe('Anthropic messages requests on their way to OpenAI', { skip }, () => {
  const requests = anthropicRequests();
  const toOpenAi = fc.tuple(requests, fc.constantFrom(...KNOWN), fc.constantFrom(...MODELS));
  const toAnyServer = fc.tuple(requests, fc.constantFrom(...KNOWN), servers);

  it('are made up of all the fields that there are', () => {
    const seen = new Set<string>();
    let translated = 0;
    const bodies = fc.sample(requests, { numRuns: 3000, seed: 1 });
    for (const body of bodies) {
      assert.deepEqual(schemaErrors('anthropic', 'CreateMessageParams', body), []);
      for (const object of objectsIn(body)) for (const name of Object.keys(object)) seen.add(name);
      if (translate(body, undefined, OPENAI_QUIRKS, 'gpt-4.1')) translated += 1;
    }
    const names = [...fieldNames('anthropic', 'CreateMessageParams')];
    assert.deepEqual(
      names.filter((name) => !seen.has(name)),
      [],
    );
    assert.ok(translated > bodies.length / 2, `only ${translated} of ${bodies.length} got through`);
  });

  it("promise 2: are valid by OpenAI's own document, or refused by the name of a field", () => {
    fc.assert(
      fc.property(toOpenAi, ([body, capabilities, model]) => {
        const sent = translate(body, capabilities, OPENAI_QUIRKS, model)?.sent;
        if (sent) assert.deepEqual(schemaErrors('openai', 'CreateChatCompletionRequest', sent), []);
      }),
      { numRuns: 1000 },
    );
  });

  it('promise 2: call the tools that were called, with the same arguments, and answer each call, on every server', () => {
    fc.assert(
      fc.property(toAnyServer, ([body, capabilities, server]) => {
        const { inference, sent } = translate(body, capabilities, server, 'm') ?? {};
        if (!inference || !sent) return;
        const asked = partsOf(inference, 'tool-call');
        const messages = sent['messages'] as JsonObject[];
        const calls = messages.flatMap(
          ({ tool_calls: made }) => (made ?? []) as { id: string; function: JsonObject }[],
        );
        assert.deepEqual(
          calls.map((call) => [call.id, call.function['arguments']]),
          asked.map((call) => [wireToolId(call.id, server), call.argumentsText]),
        );
        const results = partsOf(inference, 'tool-result');
        assert.deepEqual(
          messages.filter(({ role }) => role === 'tool').map((message) => message['tool_call_id']),
          results.map(({ toolCallId }) => wireToolId(toolCallId, server)),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('never have a proof of reasoning, or reasoning that is sealed, in them', () => {
    fc.assert(
      fc.property(toAnyServer, ([body, capabilities, server]) => {
        const sent = JSON.stringify(translate(body, capabilities, server, 'm')?.sent ?? {});
        for (const proof of ['"sig"', 'causeway-unsigned', '"sealed"']) assert.ok(!sent.includes(proof), proof);
      }),
      { numRuns: 300 },
    );
  });

  it('have nothing that their server is known not to take', () => {
    const FIELDS: Partial<Record<Feature, string>> = {
      stop: 'stop',
      temperature: 'temperature',
      'top-p': 'top_p',
      'parallel-tool-calls': 'parallel_tool_calls',
    };
    fc.assert(
      fc.property(toAnyServer, ([body, capabilities, server]) => {
        const sent = translate(body, capabilities, server, 'm')?.sent;
        if (!sent) return;
        for (const feature of server.untaken) {
          const field = FIELDS[feature];
          if (field !== undefined) assert.equal(sent[field], undefined, field);
        }
        if (!server.topK) assert.equal(sent['top_k'], undefined);
        if (!server.usageFrame) assert.equal(sent['stream_options'], undefined);
        const choice = sent['tool_choice'];
        if (server.untaken.includes('tool-choice-required')) assert.notEqual(choice, 'required');
        if (server.untaken.includes('tool-choice-named')) assert.ok(!isJsonObject(choice));
        const roles = (sent['messages'] as { role: string }[]).map(({ role }) => role);
        if (server.turns === 'bridged') assert.doesNotMatch(roles.join(), /tool,user/);
        if (server.turns === 'alternate') assert.doesNotMatch(roles.join(), /user,user|(user|tool|assistant),system/);
        for (const { name } of namesIn(sent)) assert.match(name, server.toolNames);
      }),
      { numRuns: 1000 },
    );
  });

  it('say what is lost, by the rows of the table that are approximations and by no other', () => {
    fc.assert(
      fc.property(toOpenAi, ([body, capabilities, model]) => {
        const { inference, built } = translate(body, capabilities, OPENAI_QUIRKS, model) ?? {};
        if (!inference || !built) return;
        const own = built.notes.slice(inference.notes.length);
        const mayBeNoted = new Map(
          Object.entries(inference.fields).flatMap(([feature, field]) =>
            mayBeLost(feature as Feature, capabilities) ? [[field, feature] as const] : [],
          ),
        );
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

/** Some models of OpenAI lack what the table says of the protocol. */
function mayBeLost(feature: Feature, capabilities: Capabilities | undefined): boolean {
  if (OPENAI_TRANSLATION[feature].treatment === 'approximated') return true;
  if (feature === 'parallel-tool-calls') return true;
  return (
    feature === 'reasoning-adaptive' &&
    (capabilities?.reasoning === false || capabilities?.toolsWhileReasoning === false)
  );
}

function namesIn({ tools, messages }: JsonObject): { readonly name: string }[] {
  const offered = (tools ?? []) as { function: { name: string } }[];
  const called = (messages as JsonObject[]).flatMap(({ tool_calls: made }) => (made ?? []) as typeof offered);
  return [...offered, ...called].map((each) => each.function);
}
