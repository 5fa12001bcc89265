import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import type { JsonObject } from '../../../core/json.ts';
import { answerEvents } from '../../../models/providers/openai/answer-events.ts';
import { wholeAnswer } from '../../../../bench/traffic.ts';
import { isFaultless } from './faultless.ts';
import { isPlainAnswer } from './plain-answer.ts';
import { hasSources } from './sources.ts';

const CHAT = { dialect: 'openai', operation: 'chat' } as const;

/** What answers of this kind have in their places, and what they seldom have. */
const odd = fc.constantFrom<unknown>(
  null,
  '',
  'text',
  0,
  true,
  [],
  {},
  ['https://a.test'],
  [{ url: 'https://a.test' }],
  [{ type: 'url_citation' }],
  { url: 'https://a.test' },
  { a: { citations: { b: 1 } } },
);
const members = (names: readonly string[]) => fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 2 });
const message = fc
  .tuple(
    fc.constantFrom({ role: 'assistant', content: 'Hello' }, { role: 'assistant', content: null }, {}),
    members(['content', 'refusal', 'annotations', 'tool_calls', 'function_call', 'audio', 'reasoning_content', 'x']),
  )
  .map(([usual, more]) => ({ ...usual, ...more }));
const choice = fc
  .tuple(
    fc.constantFrom('stop', 'stop', 'stop', 'length', 'tool_calls', 'error', null, ''),
    fc.nat({ max: 1 }),
    message,
    members(['logprobs', 'text', 'delta', 'message', 'index', 'stop_reason']),
  )
  .map(([reason, index, said, more]) => ({ index, message: said, finish_reason: reason, ...more }));
const answer = fc
  .tuple(
    fc.array(choice, { maxLength: 2 }),
    members(['id', 'error', 'usage', 'citations', 'search_results', 'groundingMetadata', 'object', 'x']),
  )
  .map(([choices, more]) => ({ id: 'a', model: 'm', choices, usage: { a: 1 }, ...more }));

test('an answer that is plain at a glance is one that is found to be good when all of it is read', () => {
  let plain = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        answer,
        choice.map((one) => ({ choices: [one] })),
      ),
      (said) => {
        const body = Buffer.from(JSON.stringify(said));
        if (!isPlainAnswer(CHAT, body)) return;
        plain += 1;
        const events = answerEvents(JSON.parse(body.toString()) as JsonObject);
        assert.ok(isFaultless(events) && !hasSources('application/json', body), body.toString());
      },
    ),
    { numRuns: 2000 },
  );
  assert.ok(plain > 20, `${plain} were plain`);
});

test('the common answer is plain; one in another dialect, or that is no JSON, is not said to be', () => {
  const common = Buffer.from(wholeAnswer());
  assert.ok(isPlainAnswer(CHAT, common));
  assert.ok(!isPlainAnswer({ ...CHAT, operation: 'completion' }, common));
  assert.ok(!isPlainAnswer({ ...CHAT, dialect: 'anthropic' }, common));
  assert.ok(!isPlainAnswer(CHAT, common.subarray(1)));
});
