import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { isPlainRequest } from './plain-request.ts';

const odd = fc.constantFrom<unknown>(null, '', 'x', 0, 1, 1.5, -1, true, false, [], ['x'], {}, { include_usage: true });
const PLAIN = 'messages model stream stream_options temperature top_p max_tokens max_completion_tokens';
const names = `${PLAIN} stop logprobs top_logprobs n user tools store x`.split(' ');
const message = fc
  .tuple(
    fc.constantFrom('system', 'user', 'assistant', 'tool', 'developer', 'x'),
    fc.constantFrom('Hello', 'Hello', ''),
    fc.dictionary(fc.constantFrom('role', 'content', 'name', 'refusal', 'tool_calls'), odd, { maxKeys: 1 }),
  )
  .map(([role, content, more]) => ({ role, content, ...more }));
const body = fc
  .tuple(fc.array(message, { maxLength: 3 }), fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 3 }))
  .map(([messages, more]) => ({ model: 'm', messages, ...more }));

test('a request that is plain at a glance can be said in no dialect, and its answer in our events', () => {
  let plain = 0;
  fc.assert(
    fc.property(body, (json) => {
      const call = makeCall({ json });
      if (!isPlainRequest(call)) return;
      plain += 1;
      const { logprobs, stop, fields } = call.inference;
      assert.ok(logprobs === undefined && stop === undefined && fields['document-citations'] === undefined);
    }),
    { numRuns: 3000 },
  );
  assert.ok(plain > 20, `${plain} were plain`);
});

test('the common request is plain; one in another dialect, or for another thing, is not said to be', () => {
  const json = { model: 'm', messages: [{ role: 'user', content: 'Hello' }], stream: true, max_tokens: 5 };
  assert.ok(isPlainRequest(makeCall({ json })));
  assert.ok(!isPlainRequest(makeCall({ json, dialect: 'anthropic' })));
  assert.ok(!isPlainRequest(makeCall({ json, operation: 'completion' })));
  const call = makeCall({ json });
  call.body.amend({ op: 'set', path: '/logprobs', value: true });
  assert.ok(!isPlainRequest(call), 'what the gateway put in counts');
});
