import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { boundedCatalog, callTo } from '../../../test/support/bounded-catalog.ts';
import { cascadePolicy } from '../../../test/support/cascade-bench.ts';
import * as fc from '../../../test/support/fast-check.ts';
import { candidate, planOf, ruleOf } from '../../../test/support/routing-world.ts';
import { textReply } from '../../../test/support/text-reply.ts';
import type { Call, Dialect } from '../../core/call.ts';
import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';
import type { FixedParameters, FixedPrompt, RoutePlan } from '../../core/routing.ts';
import { promptStage } from './stage.ts';

const CATALOG = boundedCatalog();
const STAGE = promptStage({ catalog: () => CATALOG });
const SYSTEM = 'You are Ada of "Acme".\nBe brief. ÄÖ 您好';
const DIALECTS: readonly Dialect[] = ['openai', 'responses', 'anthropic', 'gemini'];
const OWN: Readonly<Record<Dialect, string>> = {
  openai: 'openai/m',
  responses: 'openai/m',
  anthropic: 'anthropic/m',
  gemini: 'gemini/m',
};

interface Fixed {
  readonly prompt?: FixedPrompt;
  readonly parameters?: FixedParameters;
  readonly targets?: readonly string[];
  readonly route?: RoutePlan;
}

async function passed(dialect: Dialect, json: JsonObject, fixed: Fixed): Promise<Call> {
  const { prompt, parameters, targets = [OWN[dialect]], route } = fixed;
  // With white space, so that what is written anew shows.
  const call = callTo(targets, dialect, json, { raw: Buffer.from(JSON.stringify(json, undefined, 1)) });
  if (call.assignment) call.assignment = { ...call.assignment, prompt, parameters, route };
  await STAGE.run(call, () => Promise.resolve(textReply('')));
  return call;
}

function sent(call: Call): JsonObject {
  return JSON.parse(call.body.bytesWith([]).toString()) as JsonObject;
}

const prompt = (mode: FixedPrompt['mode']): FixedPrompt => ({ version: 'ada@1.0.0', system: SYSTEM, mode });

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const EXTRA = ['x_one', 'x_two', 'metadata'];
const extra = fc.dictionary(fc.constantFrom(...EXTRA), fc.jsonValue() as fc.Arbitrary<Json>, {
  maxKeys: 3,
  noNullPrototype: true,
});
const turns = fc.array(text, { minLength: 1, maxLength: 4 });
const role = fc.constantFrom('system', 'developer');
const asTurns = (said: string[]): Json[] =>
  said.map((content, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content }));
const textPart = (type: string) => text.map((one): Json => ({ type, text: one }));

/** Requests with and without instructions of their own, in each form that these may have. */
const BODIES: Readonly<Record<Dialect, fc.Arbitrary<JsonObject>>> = {
  openai: fc
    .record({
      own: fc.option(
        fc.record({ role, content: fc.oneof(text, fc.array(textPart('text'), { minLength: 1, maxLength: 2 })) }),
      ),
      said: turns,
      late: fc.boolean(),
      extra,
    })
    .map(({ own, said, late, extra: more }) => ({
      model: 'm',
      messages: [...(own ? [own] : []), ...asTurns(said), ...(late ? [{ role: 'system', content: 'late' }] : [])],
      ...more,
    })),
  responses: fc
    .record({ own: fc.option(text), said: turns, items: fc.boolean(), extra })
    .map(({ own, said, items, extra: more }) => ({
      model: 'm',
      ...(own === null ? {} : { instructions: own }),
      input: items ? [...asTurns(said), { role: 'developer', content: 'late' }] : said.join(' '),
      ...more,
    })),
  anthropic: fc
    .record({
      own: fc.option(fc.oneof(text, fc.array(textPart('text'), { minLength: 1, maxLength: 2 }))),
      said: turns,
      extra,
    })
    .map(({ own, said, extra: more }) => ({
      model: 'm',
      max_tokens: 100,
      ...(own === null ? {} : { system: own }),
      messages: asTurns(said),
      ...more,
    })),
  gemini: fc
    .record({
      own: fc.option(fc.tuple(fc.constantFrom('systemInstruction', 'system_instruction'), turns)),
      said: turns,
      extra,
    })
    .map(({ own, said, extra: more }) => ({
      ...(own && { [own[0]]: { parts: own[1].map((one) => ({ text: one })) } }),
      contents: said.map((one) => ({ role: 'user', parts: [{ text: one }] })),
      ...more,
    })),
};

function occurrences(call: Call): number {
  return call.body.bytesWith([]).toString().split(JSON.stringify(SYSTEM).slice(1, -1)).length - 1;
}

/** What the model is told before the conversation begins. */
function instructionsOf(call: Call): string {
  const first = call.inference.messages[0];
  if (first?.role !== 'system') return '';
  return first.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

describe('a fixed prompt', () => {
  for (const dialect of DIALECTS) {
    it(`promise 3: law of ${dialect}: before the client's own, it is put in once and no other byte changes`, () =>
      fc.assert(
        fc.asyncProperty(BODIES[dialect], async (body) => {
          const call = await passed(dialect, body, { prompt: prompt('before') });
          const { raw } = call.body;
          const bytes = call.body.bytesWith([]);
          let [from, to] = [0, 0];
          while (from < raw.length && raw[from] === bytes[from]) from += 1;
          while (to < raw.length && raw.at(-1 - to) === bytes.at(-1 - to)) to += 1;
          assert.ok(from + to >= raw.length, `${raw.toString()} became ${bytes.toString()}`);
          assert.equal(occurrences(call), 1);
          assert.deepEqual(call.body.patches.length, 1);
        }),
        { numRuns: 100 },
      ));

    for (const mode of ['before', 'replace'] as const) {
      it(`law of ${dialect}: ${mode}: what is relayed and what is translated say the same, it comes first, and again changes nothing`, () =>
        fc.assert(
          fc.asyncProperty(BODIES[dialect], async (whole) => {
            const body = Object.fromEntries(Object.entries(whole).filter(([name]) => !EXTRA.includes(name)));
            const call = await passed(dialect, body, { prompt: prompt(mode) });
            assert.deepEqual(sent(call), call.body.resolved);
            assert.deepEqual(call.body.resolved, call.body.exactJson);
            assert.equal(occurrences(call), 1);
            assert.ok(instructionsOf(call).startsWith(SYSTEM));
            const again = await passed(dialect, sent(call), { prompt: prompt(mode) });
            assert.deepEqual(again.body.patches, []);
            if (mode === 'before') return;
            assert.equal(instructionsOf(call), SYSTEM);
            const [, ...others] = call.inference.messages;
            assert.ok(others.every((message) => message.role !== 'system'));
            assert.ok(!JSON.stringify(sent(call)).includes('"late"'));
          }),
          { numRuns: 60 },
        ));
    }
  }

  it('is left out where Google has the beginning of the prompt, and that is said', async () => {
    const call = await passed('gemini', { cachedContent: 'c', contents: [] }, { prompt: prompt('before') });
    assert.deepEqual(call.body.patches, []);
    assert.match(call.warnings.join(), /ada@1.0.0 is left out/);
  });

  it('takes many instructions out in one go', async () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ role: at % 2 === 0 ? 'system' : 'user', content: `${at}` }));
    const call = await passed('openai', { model: 'm', messages: many }, { prompt: prompt('replace') });
    assert.equal((sent(call)['messages'] as Json[]).length, 21);
    assert.equal(call.body.patches.length, 2);
    assert.deepEqual(sent(call), call.body.resolved);
  });

  it('keeps long numbers of what it stands before', async () => {
    const call = callTo(
      ['openai/m'],
      'openai',
      {},
      {
        raw: Buffer.from('{"model":"m","messages":[{"role":"user","content":"a","x":12345678901234567890}]}'),
      },
    );
    if (call.assignment) call.assignment = { ...call.assignment, prompt: prompt('before') };
    await STAGE.run(call, () => Promise.resolve(textReply('')));
    assert.ok(call.body.bytesWith([]).includes('"x":12345678901234567890'));
  });

  it('is not for other operations', async () => {
    const call = callTo(['openai/m'], 'openai', { model: 'm', input: 'a' }, { operation: 'embeddings' });
    if (call.assignment) call.assignment = { ...call.assignment, prompt: prompt('before') };
    await STAGE.run(call, () => Promise.resolve(textReply('')));
    assert.deepEqual(call.body.patches, []);
  });
});

const parameters: fc.Arbitrary<FixedParameters> = fc.record(
  {
    temperature: fc.constantFrom(0, 0.5, 1, 2),
    topP: fc.constantFrom(0.1, 0.9),
    maxOutputTokens: fc.integer({ min: 1, max: 5000 }),
    reasoningEffort: fc.constantFrom('minimal', 'low', 'medium', 'high'),
  },
  { requiredKeys: [] },
);

const LIMITS: Readonly<Record<Dialect, fc.Arbitrary<JsonObject>>> = {
  openai: fc.constantFrom<JsonObject>({}, { max_tokens: 7 }, { max_completion_tokens: 7, max_tokens: 8, top_p: 0.3 }),
  responses: fc.constantFrom<JsonObject>({}, { max_output_tokens: 7, reasoning: { summary: 'auto', effort: 'high' } }),
  anthropic: fc.constantFrom<JsonObject>(
    { max_tokens: 7 },
    { max_tokens: 9000, temperature: 0.3, output_config: { effort: 'low' } },
    { max_tokens: 9000, thinking: { type: 'enabled', budget_tokens: 4096 } },
  ),
  gemini: fc.constantFrom<JsonObject>(
    {},
    { generationConfig: { topK: 3, maxOutputTokens: 7, thinkingConfig: { thinkingBudget: 5, includeThoughts: true } } },
    { generation_config: { top_p: 0.4, max_output_tokens: 7 } },
  ),
};

describe('fixed parameters', () => {
  const hello: Readonly<Record<Dialect, JsonObject>> = {
    openai: { model: 'm', messages: [{ role: 'user', content: 'a' }] },
    responses: { model: 'm', input: 'a' },
    anthropic: { model: 'm', messages: [{ role: 'user', content: 'a' }] },
    gemini: { contents: [{ role: 'user', parts: [{ text: 'a' }] }] },
  };

  for (const dialect of DIALECTS) {
    it(`law of ${dialect}: they are what is asked for, whatever the client says, and again nothing changes`, () =>
      fc.assert(
        fc.asyncProperty(LIMITS[dialect], parameters, async (limits, fixed) => {
          const call = await passed(dialect, { ...hello[dialect], ...limits }, { parameters: fixed });
          const { inference, body } = call;
          assert.deepEqual(sent(call), body.resolved);
          const thinks = isJsonObject(body.resolved['thinking']);
          if (fixed.maxOutputTokens !== undefined) assert.equal(inference.maxOutputTokens, fixed.maxOutputTokens);
          if (dialect !== 'anthropic') {
            if (fixed.temperature !== undefined) assert.equal(inference.temperature, fixed.temperature);
            if (fixed.topP !== undefined) assert.equal(inference.topP, fixed.topP);
          } else if (!thinks) {
            if (fixed.temperature !== undefined) assert.equal(inference.temperature, Math.min(1, fixed.temperature));
            if (fixed.topP !== undefined) assert.equal(inference.topP, fixed.topP);
          }
          if (fixed.reasoningEffort !== undefined) {
            const none = dialect === 'anthropic' && fixed.reasoningEffort === 'minimal';
            assert.equal(inference.reasoning?.effort, none ? 'low' : fixed.reasoningEffort);
            assert.equal(
              call.warnings.some((one) => one.includes('"minimal"')),
              none,
            );
          }
          const again = await passed(dialect, sent(call), { parameters: fixed });
          assert.deepEqual(sent(again), sent(call));
        }),
        { numRuns: 150 },
      ));
  }

  it('stand where the target looks for them', async () => {
    const { openai } = hello;
    const of = async (target: string, json = openai) =>
      Object.keys(sent(await passed('openai', json, { parameters: { maxOutputTokens: 5 }, targets: [target] })));
    assert.equal((await of('openai/m')).at(-1), 'max_completion_tokens');
    assert.equal((await of('deepseek/m')).at(-1), 'max_tokens');
  });

  it('are what a rule’s target and a better model take, too, which may be the ones that are asked', async () => {
    const { openai: json } = hello;
    const [newer, unthinking] = [
      { provider: 'openai', model: 'm' },
      { provider: 'openai', model: 'gpt-4o' },
    ];
    const plans = (to: typeof newer) => [
      planOf('order', [candidate('deepseek')], { rules: [ruleOf({ when: { tools: true }, targets: [to] })] }),
      planOf('order', [candidate('deepseek')], { cascade: cascadePolicy({ to }) }),
    ];
    for (const route of plans(newer)) {
      const call = await passed('openai', json, { parameters: { maxOutputTokens: 5 }, targets: ['deepseek/m'], route });
      assert.equal(sent(call)['max_completion_tokens'], 5);
    }
    for (const route of plans(unthinking)) {
      const fixed = { parameters: { reasoningEffort: 'low' }, targets: ['openai/m'], route } as const;
      const call = await passed('openai', json, fixed);
      assert.deepEqual(call.body.patches, []);
      assert.match(call.warnings.join(), /openai\/gpt-4o cannot be told/);
    }
  });

  it('leave room to think, or there is no thinking', async () => {
    const asked = { ...hello.anthropic, max_tokens: 9000, thinking: { type: 'enabled', budget_tokens: 4096 } };
    const lowered = await passed('anthropic', asked, { parameters: { maxOutputTokens: 3000 } });
    assert.deepEqual(sent(lowered)['thinking'], { type: 'enabled', budget_tokens: 1500 });
    assert.match(lowered.warnings.join(), /lowered from 4096 to 1500/);
    const without = await passed('anthropic', asked, { parameters: { maxOutputTokens: 100 } });
    assert.equal(sent(without)['thinking'], undefined);
  });

  it('are not sent where a model is known not to take them, and that is said', async () => {
    const fixed = { parameters: { reasoningEffort: 'low' }, targets: ['openai/gpt-4o'] } as const;
    const call = await passed('openai', hello.openai, fixed);
    assert.deepEqual(call.body.patches, []);
    assert.match(call.warnings.join(), /reasoning_effort: is not set: openai\/gpt-4o cannot/);
    const haiku = await passed(
      'anthropic',
      { ...hello.anthropic, max_tokens: 9, temperature: 1, top_p: 0.5 },
      {
        parameters: { temperature: 0.2 },
      },
    );
    assert.deepEqual([sent(haiku)['temperature'], sent(haiku)['top_p']], [0.2, undefined]);
  });

  it('say the level of thinking in place of its tokens', async () => {
    const thinkingConfig = { thinkingBudget: 5, includeThoughts: true };
    const json = { ...hello.gemini, generationConfig: { thinkingConfig } };
    const call = await passed('gemini', json, { parameters: { reasoningEffort: 'high' } });
    assert.deepEqual(sent(call)['generationConfig'], {
      thinkingConfig: { includeThoughts: true, thinkingLevel: 'HIGH' },
    });
  });
});
