import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import type { Call, Dialect } from '../../../core/call.ts';
import { sealForGemini } from '../../../core/inference/gemini-seal.ts';
import { REASONING_ENTRIES } from '../../../core/inference/reasoning-entries.ts';
import type { Json } from '../../../core/json.ts';
import { unsignedThinkingPatches } from '../../../models/providers/anthropic/unsigned-thinking.ts';
import { foreignSignaturePatches } from '../../../models/providers/gemini/foreign-signatures.ts';
import { textsOf } from '../slots/slots-of.ts';
import { changeBody, changesOf } from './change-body.ts';

const SECRET = '13800138000';
const SEALED = sealForGemini([{ type: 'reasoning', text: `of ${SECRET}`, signature: 'PROOF' }]);

/** A thought with a proof, as each API has it, in a turn of the role. */
const THOUGHTS: readonly (readonly [name: string, dialect: Dialect, body: (role: string) => Json])[] = [
  [
    'Anthropic',
    'anthropic',
    (role) => ({
      messages: [
        { role, content: [{ type: 'thinking', thinking: `of ${SECRET}`, signature: 'PROOF' }] },
        { role: 'user', content: 'next' },
      ],
    }),
  ],
  [
    'Gemini',
    'gemini',
    (role) => ({
      contents: [
        {
          role: role === 'assistant' ? 'model' : role,
          parts: [{ text: `of ${SECRET}`, thought: true, thoughtSignature: 'PROOF' }, { text: 'next' }],
        },
      ],
    }),
  ],
  [
    'Gemini, of another provider',
    'gemini',
    () => ({ contents: [{ role: 'model', parts: [{ text: 'next', thoughtSignature: SEALED }] }] }),
  ],
  [
    'chat',
    'openai',
    (role) => ({
      messages: [
        {
          role,
          content: 'next',
          reasoning_details: [{ type: 'reasoning.text', text: `of ${SECRET}`, signature: 'PROOF' }],
        },
      ],
    }),
  ],
  [
    'chat, of another provider',
    'openai',
    (role) => ({
      messages: [
        { role, content: 'next', [REASONING_ENTRIES]: [{ type: 'text', text: `of ${SECRET}`, signature: 'PROOF' }] },
      ],
    }),
  ],
];

const redactedThinking = (role: string): Json => ({
  messages: [{ role, content: [{ type: 'redacted_thinking', data: 'x' }] }],
});

function asked(dialect: Dialect, json: Json): Call {
  return makeCall({ dialect, json });
}

function sent({ body, dialect }: Call): string {
  const patches = dialect === 'anthropic' ? unsignedThinkingPatches(body) : foreignSignaturePatches(body);
  return body.bytesWith(patches).toString();
}

describe('thoughts with a proof', () => {
  for (const [name, dialect, bodyOf] of THOUGHTS) {
    for (const role of ['assistant', 'user']) {
      it(`are looked at like any text, and have none where they are changed: ${name}, ${role}`, () => {
        const call = asked(dialect, bodyOf(role));
        const { slots, unread } = textsOf(call);
        assert.deepEqual(unread, []);
        const slot = slots.find(({ text }) => text.includes(SECRET));
        assert.ok(slot, 'nobody looks at it');
        assert.ok(sent(call).includes('PROOF') || name.includes('Gemini, of'));
        changeBody(call.body, changesOf(slot, 'of [PHONE_1]'));
        const after = sent(call);
        for (const gone of [SECRET, 'PROOF', SEALED]) assert.ok(!after.includes(gone), after);
        assert.ok(after.includes('next'));
        const exact = JSON.stringify(call.body.exactJson);
        for (const gone of [SECRET, 'PROOF', SEALED]) assert.ok(!exact.includes(gone), exact);
        // In a user's turn it may not stand at all.
        if (role === 'assistant') assert.ok(call.inference.messages.length > 0);
      });
    }
  }

  it('that nobody can read are a model’s only in its own turn', () => {
    assert.deepEqual(textsOf(asked('anthropic', redactedThinking('assistant'))).unread, ['reasoning']);
    assert.deepEqual(textsOf(asked('anthropic', redactedThinking('user'))).unread, ['other']);
  });
});
