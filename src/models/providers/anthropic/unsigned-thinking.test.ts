import assert from 'node:assert/strict';
import { it } from 'node:test';

import { CallBody } from '../../../core/call-body.ts';
import type { JsonObject } from '../../../core/json.ts';
import { unsignedThinkingPatches } from './unsigned-thinking.ts';

const OURS = { type: 'thinking', thinking: 'b', signature: 'causeway-unsigned' };
const PROVEN = { type: 'thinking', thinking: 'a', signature: 'sig' };
const TEXT = { type: 'text', text: 'c' };
const CALL = { type: 'tool_use', id: 't', name: 'f', input: {} };
const RESULT = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't' }] };

function assistant(...content: JsonObject[]): JsonObject {
  return { role: 'assistant', content };
}

/** The body as it goes upstream. */
function cleaned(body: JsonObject): unknown {
  const call = new CallBody(Buffer.from(JSON.stringify(body)));
  return JSON.parse(call.bytesWith(unsignedThinkingPatches(call)).toString());
}

it('takes out thinking that we made ourselves, and nothing else', () => {
  const user = { role: 'user', content: 'causeway-unsigned' };
  const messages = [
    user,
    assistant(OURS, TEXT, OURS),
    user,
    assistant(PROVEN, OURS, TEXT),
    user,
    assistant(OURS),
    user,
  ];
  assert.deepEqual(cleaned({ model: 'm', messages }), {
    model: 'm',
    messages: [user, assistant(TEXT), user, assistant(PROVEN, TEXT), user, user],
  });
});

it('does not touch a body without it', () => {
  for (const messages of [
    [assistant(PROVEN, TEXT)],
    [{ role: 'user', content: 'causeway-unsigned' }],
    'causeway-unsigned',
  ]) {
    assert.deepEqual(unsignedThinkingPatches(new CallBody(Buffer.from(JSON.stringify({ messages })))), []);
  }
});

it('ends thinking with a budget in the midst of calls that another model made', () => {
  const thinking = { type: 'enabled', budget_tokens: 2000 };
  const calling = { messages: [assistant(OURS, CALL), RESULT] };
  assert.deepEqual(cleaned({ thinking, ...calling }), { messages: [assistant(CALL), RESULT] });
  const adaptive = { thinking: { type: 'adaptive' }, messages: [assistant(CALL), RESULT] };
  assert.deepEqual(cleaned({ ...adaptive, ...calling }), adaptive);
  const asking = { thinking, messages: [assistant(TEXT), { role: 'user', content: 'u' }] };
  assert.deepEqual(cleaned({ thinking, messages: [assistant(OURS, TEXT), { role: 'user', content: 'u' }] }), asking);
});
