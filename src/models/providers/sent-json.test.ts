import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { makeCall } from '../../../test/support/make-call.ts';
import type { BodyPatch } from '../../core/body-patch.ts';
import { CallBody } from '../../core/call-body.ts';
import { sealForGemini } from '../../core/inference/gemini-seal.ts';
import { REASONING_ENTRIES } from '../../core/inference/reasoning-entries.ts';
import { unsignedThinkingPatches } from './anthropic/unsigned-thinking.ts';
import { cohereReranker } from './cohere/reranker.ts';
import { foreignSignaturePatches } from './gemini/foreign-signatures.ts';
import { ownFieldPatches } from './openai/own-fields.ts';
import { foreignReasoningPatches } from './openai/responses/foreign-reasoning.ts';
import { DEFAULT_TIMEOUTS } from './relay-request.ts';
import { rerankPlan } from './rerank/plan.ts';

const OURS = { type: 'thinking', thinking: 'b', signature: 'causeway-unsigned' };
const SEALED = { text: 'a', thoughtSignature: sealForGemini([]) };
const FOREIGN = { type: 'reasoning', summary: [], encrypted_content: 'causeway:x' };

/** What is to be taken out of a body, in whose front something else is put. */
const RELAYED: Readonly<
  Record<string, { body: object; list: string; first: object; patches: (body: CallBody) => BodyPatch[]; gone: string }>
> = {
  openai: {
    body: { messages: [{ role: 'assistant', content: 'a', [REASONING_ENTRIES]: [{ type: 'text', text: 'b' }] }] },
    list: '/messages',
    first: { role: 'system', content: 's' },
    patches: ownFieldPatches,
    gone: REASONING_ENTRIES,
  },
  anthropic: {
    body: { messages: [{ role: 'assistant', content: [OURS, { type: 'text', text: 'c' }] }] },
    list: '/messages',
    first: { role: 'user', content: [{ type: 'text', text: 's' }] },
    patches: unsignedThinkingPatches,
    gone: OURS.signature,
  },
  gemini: {
    body: { contents: [{ role: 'model', parts: [SEALED] }] },
    list: '/contents',
    first: { role: 'user', parts: [{ text: 's' }] },
    patches: foreignSignaturePatches,
    gone: SEALED.thoughtSignature,
  },
  responses: {
    body: { input: [FOREIGN, { role: 'user', content: 'a' }] },
    list: '/input',
    first: { role: 'user', content: 's' },
    patches: foreignReasoningPatches,
    gone: FOREIGN.encrypted_content,
  },
};

describe('what is sent', () => {
  for (const [dialect, { body, list, first, patches, gone }] of Object.entries(RELAYED)) {
    it(`${dialect}: nobody else's proof is in it, also where something was put before it`, () => {
      const call = new CallBody(Buffer.from(JSON.stringify(body)));
      call.amend({ op: 'insert', path: `${list}/0`, value: first as never });
      const sent = call.bytesWith(patches(call)).toString();
      assert.ok(!sent.includes(gone), sent);
      assert.ok(sent.includes('"s"'));
      assert.ok(sent.includes('"a"') || sent.includes('"c"'));
    });
  }

  it('is ranked as it was changed', () => {
    const call = makeCall({ operation: 'rerank', json: { model: 'm', query: 'q', documents: ['13800138000'] } });
    call.body.amend({ op: 'set', path: '/documents/0', value: '[PHONE_1]' });
    const endpoint = { origin: 'https://r.test', basePath: '', headers: {}, timeouts: DEFAULT_TIMEOUTS };
    const { request } = rerankPlan(cohereReranker, call, 'm', endpoint);
    const sent = Buffer.from(request.body ?? []).toString();
    assert.ok(sent.includes('[PHONE_1]') && !sent.includes('13800138000'), sent);
  });
});

/** The client's own body, without what prompts and guards changed, read on the way to a provider, and for what. */
const READ_FOR: Readonly<Record<string, string>> = {
  'answers/provider-wire.ts': 'store: a flag',
  'providers/anthropic/cache-marks.ts': 'with all patches',
  'providers/openai/to-request.ts': 'the name of the model, and a flag of streams',
  'providers/vertex/claude.ts': 'names of versions',
};

it('nobody else reads what the client wrote, where what is sent is what guards made of it', () => {
  const models = fileURLToPath(new URL('..', import.meta.url));
  const readers = globSync('**/*.ts', { cwd: models }).filter((file) => {
    if (file.endsWith('.test.ts')) return false;
    return /\bbody\.json\b|[{,] json\b[^}]*\} = (?:\w+\.)*body\b/.test(readFileSync(`${models}/${file}`, 'utf8'));
  });
  assert.deepEqual(readers.toSorted(), Object.keys(READ_FOR));
});
