import assert from 'node:assert/strict';
import { it } from 'node:test';

import { makeCall } from '../../test/support/make-call.ts';
import { policyWith } from '../../test/support/screened-answers.ts';
import { refuse } from '../pipeline/guards/refusal.ts';
import { adapterOf } from './dialects/registry.ts';
import { bodyOf } from './reply-body.ts';

it('a refusal that is an answer says that it used nothing, where clients add that up', () => {
  const { settings } = policyWith();
  const policy = policyWith({ settings: { refusal: { ...settings.refusal, as: 'answer' } } });
  const messages = [{ role: 'user', content: 'Hello' }];
  for (const [dialect, json] of [
    ['openai', { model: 'm', messages, web_search_options: {} }],
    ['responses', { model: 'm', input: 'Hello' }],
  ] as const) {
    const call = makeCall({ dialect, json });
    const reply = refuse(call, policy, 'en');
    assert.ok(reply.kind === 'translated');
    const { usage } = JSON.parse(Buffer.from(bodyOf(call, adapterOf(dialect), reply)).toString()) as {
      usage?: { total_tokens: number };
    };
    assert.equal(usage?.total_tokens, 0, dialect);
  }
});
