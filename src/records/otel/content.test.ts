import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { KEPT_WHOLE, makeRecord } from '../../../test/support/make-record.ts';
import { journalChunk } from '../../../test/support/journal-chunk.ts';
import type { Dialect } from '../../core/call.ts';
import { readEntries } from '../journal/entry-codec.ts';
import type { CallRecord } from '../journal/record.ts';
import { type CallContent, contentAllowed, contentOf } from './content.ts';
import type { ExportPlan } from './export-plan.ts';

const CALL_PART = { type: 'tool_call', id: 'call_1', name: 'weather', arguments: { city: 'Oslo' } };
const RESULT_PART = { type: 'tool_call_response', id: 'call_1', response: 'rain' };
const ASKED = { role: 'user', parts: [{ type: 'text', content: 'Weather?' }] };
const CALLED = { role: 'assistant', parts: [CALL_PART] };
const TOLD = { role: 'tool', parts: [RESULT_PART] };
const ARGUMENTS = '{"city":"Oslo"}';

interface Example {
  readonly dialect: Dialect;
  readonly input: object;
  readonly output: object;
}

/** The same conversation, as each dialect writes it. */
const EXAMPLES: readonly Example[] = [
  {
    dialect: 'openai',
    input: {
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_1', function: { name: 'weather', arguments: ARGUMENTS } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
      ],
    },
    output: { choices: [{ message: { role: 'assistant', content: 'Rain.' }, finish_reason: 'stop' }] },
  },
  {
    dialect: 'anthropic',
    input: {
      system: 'Be short.',
      messages: [
        { role: 'user', content: 'Weather?' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Oslo' } }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'rain' }] },
      ],
    },
    output: { role: 'assistant', content: [{ type: 'text', text: 'Rain.' }] },
  },
  {
    dialect: 'responses',
    input: {
      instructions: 'Be short.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] },
        { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: ARGUMENTS },
        { type: 'function_call_output', call_id: 'call_1', output: 'rain' },
      ],
    },
    output: {
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Rain.' }] }],
    },
  },
  {
    dialect: 'gemini',
    input: {
      systemInstruction: { parts: [{ text: 'Be short.' }] },
      contents: [
        { role: 'user', parts: [{ text: 'Weather?' }] },
        { role: 'model', parts: [{ functionCall: { id: 'call_1', name: 'weather', args: { city: 'Oslo' } } }] },
        { role: 'user', parts: [{ functionResponse: { id: 'call_1', name: 'weather', response: 'rain' } }] },
      ],
    },
    output: { candidates: [{ content: { role: 'model', parts: [{ text: 'Rain.' }] }, finishReason: 'STOP' }] },
  },
];

interface Texts {
  readonly input?: object;
  readonly output?: object;
}

function contentFor(
  record: Partial<CallRecord>,
  texts: Texts,
  wanted: ExportPlan['content'] = 'full',
  maxBytes = 1e6,
): CallContent {
  const [entry] = readEntries(journalChunk([{ record: makeRecord(record), ...texts }], maxBytes));
  assert.ok(entry);
  return contentOf(entry, wanted);
}

function messages({ messages: written }: CallContent, name: 'input' | 'output'): unknown {
  const text = written[`gen_ai.${name}.messages`];
  return text === undefined ? undefined : JSON.parse(text);
}

describe('messages in the form of the conventions', () => {
  for (const { dialect, input, output } of EXAMPLES) {
    it(`are the same whoever wrote them: ${dialect}`, () => {
      const content = contentFor({ dialect }, { input, output });
      const system = [{ type: 'text', content: 'Be short.' }];
      const beside = content.messages['gen_ai.system_instructions'];
      if (beside !== undefined) assert.deepEqual(JSON.parse(beside), system);
      const before = beside === undefined ? [{ role: 'system', parts: system }] : [];
      assert.deepEqual(messages(content, 'input'), [...before, ASKED, CALLED, TOLD]);
      assert.deepEqual(messages(content, 'output'), [
        { role: 'assistant', parts: [{ type: 'text', content: 'Rain.' }], finish_reason: 'stop' },
      ]);
      assert.equal(content.truncated, false);
    });
  }

  it('hold what a stream said, put together', () => {
    const said = [
      {
        content: 'Rain.',
        reasoning: 'It is Oslo.',
        tool_calls: [{ id: 'call_1', name: 'weather', arguments: ARGUMENTS }],
      },
    ];
    assert.deepEqual(messages(contentFor({ finishReason: 'tool_calls' }, { output: said }), 'output'), [
      {
        role: 'assistant',
        parts: [{ type: 'reasoning', content: 'It is Oslo.' }, { type: 'text', content: 'Rain.' }, CALL_PART],
        finish_reason: 'tool_calls',
      },
    ]);
  });

  it('name pictures and files, and do not hold them', () => {
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
    const { messages: written } = contentFor({}, { input: { messages: [{ role: 'user', content: [picture] }] } });
    assert.equal(written['gen_ai.input.messages'], '[{"role":"user","parts":[{"type":"image_url"}]}]');
  });

  it('hold a plain prompt', () => {
    assert.deepEqual(messages(contentFor({ operation: 'completion' }, { input: { prompt: 'Once' } }), 'input'), [
      { role: 'user', parts: [{ type: 'text', content: 'Once' }] },
    ]);
  });

  it('are cut where they are long: texts at their end, conversations at their beginning', () => {
    const long = contentFor({}, { input: { messages: [{ role: 'user', content: 'x'.repeat(100_000) }] } });
    assert.equal(long.truncated, true);
    assert.match(String(long.messages['gen_ai.input.messages']), /x… \[cut\]"\}\]\}\]$/);
    const turns = Array.from({ length: 100 }, (_, index) => ({
      role: 'user',
      content: `${index} ${'y'.repeat(1000)}`,
    }));
    const talk = contentFor({}, { input: { messages: turns } });
    assert.equal(talk.truncated, true);
    const kept = messages(talk, 'input') as { parts: { content: string }[] }[];
    assert.ok(kept.length > 20 && kept.length < 60, String(kept.length));
    assert.match(String(kept.at(-1)?.parts[0]?.content), /^99 /);
  });

  it('are left out where only half of the text was kept', () => {
    const cut = contentFor({}, { input: EXAMPLES[0]?.input ?? {} }, 'full', 20);
    assert.deepEqual([cut.messages, cut.truncated], [{}, true]);
  });

  it('are left out where they are nested too deeply', () => {
    const depth = 50_000;
    const input = Buffer.from(
      `{"messages":[{"role":"tool","tool_call_id":"a","content":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}]}`,
    );
    assert.equal(contentFor({}, { input }).truncated, true);
  });
});

describe('how much an export may hold', () => {
  const texts = { input: { messages: [{ role: 'user', content: 'Mail ada@example.com' }], temperature: 0.5 } };

  it('is nothing unless it is asked for, but for numbers', () => {
    const content = contentFor({ metadata: { team: 'a' } }, texts, 'none');
    assert.deepEqual(content.messages, {});
    assert.equal(content.metadata, undefined);
    assert.equal(content.request?.['temperature'], 0.5);
  });

  it('is never more than the record may keep', () => {
    assert.equal(contentAllowed('full', 'full'), 'full');
    assert.equal(contentAllowed('full', 'redacted'), 'redacted');
    assert.equal(contentAllowed('redacted', 'full'), 'redacted');
    assert.equal(contentAllowed('full', 'hashed'), 'none');
    assert.equal(contentAllowed('full', 'none'), 'none');
    assert.equal(contentAllowed('none', 'full'), 'none');
    const policy = { ...KEPT_WHOLE, bodies: 'redacted' } as const;
    const content = contentFor({ policy, metadata: { mail: 'ada@example.com' } }, texts);
    assert.equal(JSON.stringify(content.messages).includes('ada@'), false);
    assert.equal(String(content.metadata).includes('ada@'), false);
    assert.ok(JSON.stringify(contentFor({}, texts).messages).includes('ada@'));
  });
});
