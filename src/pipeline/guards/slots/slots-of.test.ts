import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { patchBytes } from '../../../core/body-patch.ts';
import { CallBody } from '../../../core/call-body.ts';
import type { Dialect, Operation } from '../../../core/call.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import type { Planted, Planter } from '../../../../test/support/guarded-bodies.ts';
import { REQUESTS } from '../../../../test/support/guarded-requests.ts';
import { changeOf } from '../input/change-body.ts';
import { MOST_SLOTS } from './collector.ts';
import type { TextSlot } from './slot.ts';
import { textsOf } from './slots-of.ts';

function asked(dialect: Dialect, operation: Operation, json: JsonObject) {
  return {
    dialect,
    operation,
    body: new CallBody(Buffer.from(JSON.stringify(json))),
    form: undefined,
    resource: undefined,
  };
}

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });

/** Plants texts, each of which is there once, and notes where each belongs. */
function planterOf(words: readonly string[]): { planter: Planter; planted: Planted[] } {
  const planted: Planted[] = [];
  const planter: Planter = (place, role, message) => {
    const word = `${words[planted.length % words.length] ?? ''} #${planted.length}#`;
    planted.push({ place, role, message, text: word });
    return word;
  };
  return { planter, planted };
}

describe('the texts of a request', () => {
  for (const { name, dialect, operation, build } of REQUESTS) {
    it(`are found with their places and roles: ${name}`, () => {
      fc.assert(
        fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (words) => {
          const { planter, planted } = planterOf(words);
          const slots = textsOf(asked(dialect, operation, build(planter))).slots;
          for (const one of planted) {
            const slot = slots.find((each) => said(each).includes(one.text));
            assert.ok(slot, `nobody looks at ${JSON.stringify(one)}`);
            const { place, role, message } = slot;
            assert.deepEqual({ place, role, message }, { place: one.place, role: one.role, message: one.message });
          }
        }),
        { numRuns: 25 },
      );
    });

    it(`can be replaced, and every other byte stays: ${name}`, () => {
      fc.assert(
        fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), fc.nat(), (words, pick) => {
          const call = asked(dialect, operation, build(planterOf(words).planter));
          const slots = textsOf(call).slots;
          const slot = slots[pick % slots.length];
          if (!slot) return;
          const replaced = slot.encoding === 'plain' ? 'new' : JSON.stringify({ new: ['value', 1] });
          const change = changeOf(slot, replaced);
          call.body.amend({ op: 'set', ...change });
          const after = textsOf(call).slots;
          assert.equal(after.length, slots.length);
          assert.deepEqual(after.find(({ path }) => path === slot.path)?.text, replaced);
          assert.deepEqual(
            after.filter(({ path }) => path !== slot.path),
            slots.filter(({ path }) => path !== slot.path),
          );
          const bytes = patchBytes(call.body.raw, [{ op: 'set', ...change }]).toString();
          const raw = call.body.raw.toString();
          const value = JSON.stringify(change.value);
          const at = bytes.indexOf(value);
          assert.ok(raw.startsWith(bytes.slice(0, at)) || at < 0 || bytes.split(value).length > 2);
          assert.ok(raw.endsWith(bytes.slice(at + value.length)) || bytes.split(value).length > 2);
        }),
        { numRuns: 25 },
      );
    });
  }

  it('are none of ids, sealed thoughts and bytes', () => {
    const { slots, unread } = textsOf(
      asked('anthropic', 'chat', {
        messages: [
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: '', signature: 'sig' },
              { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
              { type: 'redacted_thinking', data: 'x' },
            ],
          },
          {
            role: 'user',
            content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }],
          },
        ],
      }),
    );
    assert.deepEqual(slots, []);
    assert.deepEqual(unread, ['image', 'reasoning']);
  });

  it('stand under names with slashes and tildes', () => {
    const parameters = { properties: { 'a/b~c': { description: 'said' } } };
    const call = asked('openai', 'chat', { tools: [{ type: 'function', function: { name: 'f', parameters } }] });
    const [slot] = textsOf(call).slots;
    assert.equal(slot?.path, '/tools/0/function/parameters/properties/a~1b~0c/description');
    call.body.amend({ op: 'set', path: slot?.path ?? '', value: 'new' });
    assert.equal(textsOf(call).slots[0]?.text, 'new');
  });

  it('are looked for under both forms of a name of Gemini, wherever they stand', () => {
    const call = asked('gemini', 'chat', {
      systemInstruction: { parts: [{ text: 'a' }] },
      system_instruction: { parts: [{ text: 'b' }] },
      contents: [{ role: 'user', parts: { function_response: { name: 'f', response: { c: 'd' } } } }],
    });
    assert.deepEqual(
      textsOf(call).slots.map(({ path, role, encoding }) => [path, role, encoding]),
      [
        ['/systemInstruction/parts/0/text', 'system', 'plain'],
        ['/system_instruction/parts/0/text', 'system', 'plain'],
        ['/contents/0/parts/function_response/response', 'tool', 'value'],
      ],
    );
  });

  it('say what of a request nobody can read', () => {
    const content = [{ type: 'input_audio', input_audio: {} }, { type: 'file', file: {} }, { type: 'hologram' }];
    assert.deepEqual(textsOf(asked('openai', 'chat', { messages: [{ role: 'user', content }] })).unread, [
      'audio',
      'file',
      'other',
    ]);
    assert.deepEqual(textsOf(asked('openai', 'embeddings', { input: [[1, 2], [3]] })).unread, ['tokens']);
  });

  it('are refused where they are too many to be looked at', () => {
    const most = Array.from({ length: MOST_SLOTS }, () => 'a');
    assert.equal(textsOf(asked('openai', 'embeddings', { input: most })).slots.length, MOST_SLOTS);
    assert.throws(() => textsOf(asked('openai', 'embeddings', { input: [...most, 'a'] })).slots, {
      code: 'request_invalid',
    });
  });

  it('of what is nested too deep to be written is refused', () => {
    const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => Json };
    let deep = rawJSON('12345678901234567890');
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    const body = { messages: [{ role: 'assistant', content: [{ type: 'tool_use', input: { deep } }] }] };
    const call = { ...asked('anthropic', 'chat', {}), body: { resolved: body } as unknown as CallBody };
    assert.throws(() => textsOf(call).slots, { code: 'request_invalid' });
  });
});

/** What a slot says, without the escapes of JSON. */
function said({ text: one, encoding }: TextSlot): string {
  return encoding === 'plain'
    ? one
    : JSON.stringify(JSON.parse(one), null, 1).replaceAll(/"(?:[^"\\]|\\.)*"/g, (token) => String(JSON.parse(token)));
}

describe('a chat in which most fields are not looked for', () => {
  const FIELDS = `role content name refusal reasoning_content reasoning causeway_reasoning parsed annotations
    audio tool_calls function_call tool_call_id id x stop stream temperature max_tokens tools prediction documents
    response_format chat_template_kwargs web_search_options user metadata service_tier logit_bias moderation`.split(
    /\s+/,
  );
  const value = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(null, true, '', 'said', 7, 13_800_138_000, [], {}, ['said'], { text: 'said' }),
    },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  );
  const members = fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 3 });

  it('says what it says where all of them are', () => {
    fc.assert(
      fc.property(members, members, (ofMessage, ofBody) => {
        const read = (more: JsonObject, further: JsonObject) => {
          const message = { role: 'user', content: 'hello', ...ofMessage, ...more };
          const body = { model: 'm', ...ofBody, messages: [message], ...further };
          return textsOf(asked('openai', 'chat', body));
        };
        // Nothing stands in these, and all is looked for where they are there.
        assert.deepEqual(read({}, {}), read({ reasoning_details: [{}] }, { functions: [{}] }));
      }),
      { numRuns: 2000 },
    );
  });
});
