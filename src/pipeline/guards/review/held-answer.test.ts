import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { textEvents } from '../../../../test/support/text-reply.ts';
import { GatewayError } from '../../../core/errors.ts';
import { editedAnswer, heldFromText, heldToText, renderedFromText, renderedToText } from './held-answer.ts';
import { keptRequest } from './kept-request.ts';
import { prefersAsync } from './parked-reply.ts';

const PRINCIPAL = { keyId: 'key_1', project: 'p', user: undefined, models: undefined };

describe('an answer that is held', () => {
  test('comes back from its text as it was, and so does one that was made', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (bytes, text) => {
        const held = { events: textEvents(text), rewritten: true };
        assert.deepEqual(heldFromText(heldToText(held)), held);
        const rendered = { status: 200, contentType: 'x/y', body: bytes, requestId: 'r', isError: false };
        const again = renderedFromText(renderedToText(rendered));
        assert.deepEqual({ ...again, body: new Uint8Array(again.body) }, rendered);
      }),
    );
  });

  test('keeps its usage where a reviewer wrote another text, and loses its calls of tools', () => {
    const usage = { type: 'usage', usage: { inputTokens: 3 } } as const;
    const call = { type: 'tool-call-start', choice: 0, index: 1, id: 'c', name: 'refund' } as const;
    const events = [...textEvents('before'), call, usage];
    const edited = editedAnswer({ events, rewritten: true }, 'after');
    assert.deepEqual(edited.events, [
      { type: 'message-start', id: 'm1', model: 'm' },
      { type: 'text-delta', choice: 0, index: 0, text: 'after' },
      usage,
      { type: 'finish', choice: 0, reason: 'stop' },
      { type: 'end' },
    ]);
    const error = { type: 'error', error: new GatewayError('internal') } as const;
    const back = heldFromText(heldToText({ events: [error, usage], rewritten: false }));
    assert.deepEqual(back.events, [usage]);
  });
});

describe('a request that is kept', () => {
  test('has no credential and no header that means nothing, and is the bytes of its client', () => {
    const headers = {
      authorization: 'Bearer cw-x',
      'x-api-key': 'cw-x',
      cookie: 'a',
      'anthropic-beta': 'b',
      prefer: 'x',
    };
    const call = makeCall({ headers, principal: PRINCIPAL, raw: Buffer.from('{ "model": "chat" }') });
    call.body.amend({ op: 'set', path: '/model', value: 'other' });
    const kept = keptRequest(call);
    assert.deepEqual(kept.headers, { 'anthropic-beta': 'b', prefer: 'x' });
    assert.deepEqual([kept.body, kept.keyId], ['{ "model": "chat" }', 'key_1']);
    assert.ok(!JSON.stringify(kept).includes('cw-x'));
  });

  test('is none where it could not be made again', () => {
    const large = Buffer.from(JSON.stringify({ model: 'm', a: 'x'.repeat(4 * 1024 * 1024) }));
    assert.throws(() => keptRequest(makeCall({ raw: large, principal: PRINCIPAL })), { code: 'request_too_large' });
    const resource = { kind: 'file', action: 'list' } as never;
    assert.throws(() => keptRequest(makeCall({ resource, principal: PRINCIPAL })), { code: 'guard_review' });
    assert.throws(() => keptRequest(makeCall()), { code: 'guard_review' });
  });

  test('says in `prefer` whether its client asks later', () => {
    const values = ['respond-async', 'return=minimal, Respond-Async;x', ' respond-async , wait=1'];
    for (const prefer of values) assert.equal(prefersAsync({ headers: { prefer } }), true, prefer);
    for (const prefer of ['', 'respond-sync', 'x=respond-async', 'respond-async2']) {
      assert.equal(prefersAsync({ headers: { prefer } }), false, prefer);
    }
  });
});
