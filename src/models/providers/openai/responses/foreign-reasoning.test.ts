import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../../test/support/make-call.ts';
import { OPENAI_QUIRKS } from '../quirks.ts';
import { toRequest } from '../to-request.ts';

const ENDPOINT = {
  origin: 'https://api.openai.com',
  basePath: '/v1',
  headers: {},
  timeouts: { connect: 1, headers: 1, idle: 1 },
};

describe('a relayed response', () => {
  it('leaves out what we made of another provider’s reasoning, and nothing else', () => {
    const own = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAA' };
    const signed = { type: 'reasoning', id: 'rs_2', summary: [], encrypted_content: 'causeway:signature:gemini:abc' };
    const unsigned = { type: 'reasoning', id: 'rs_3', summary: [], encrypted_content: 'causeway-unsigned' };
    const question = { role: 'user', content: 'What is a causeway:signature:?' };
    const input = [question, signed, own, unsigned, { type: 'function_call_output', call_id: 'c', output: '1' }];
    const call = makeCall({ dialect: 'responses', json: { model: 'gpt-5', input } });
    const { request, patches } = toRequest(call, 'gpt-5', ENDPOINT, OPENAI_QUIRKS);
    const sent = JSON.parse(Buffer.from(request.body ?? []).toString()) as { input: unknown[] };
    assert.deepEqual(sent.input, [question, own, input[4]]);
    assert.equal(patches.length, 2);
  });

  it('stays byte for byte where nothing is ours', () => {
    const raw = Buffer.from('{ "model": "gpt-5",  "input": [ {"role":"user","content":"Hi"} ] }');
    const call = makeCall({ dialect: 'responses', raw, json: { model: 'gpt-5' } });
    const { request, patches } = toRequest(call, 'gpt-5', ENDPOINT, OPENAI_QUIRKS);
    assert.deepEqual(Buffer.from(request.body ?? []), raw);
    assert.deepEqual(patches, []);
  });
});
