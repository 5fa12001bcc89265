import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { makeCall } from '../../../../../test/support/make-call.ts';
import { cascadePolicy } from '../../../../../test/support/cascade-bench.ts';
import type { Dialect } from '../../../../core/call.ts';
import type { CascadePolicy } from '../../../../core/routing.ts';
import { saidIn } from '../said.ts';
import { TokenLogprobs } from './logprobs.ts';
import { ratingIn } from './rated.ts';
import { transcriptOf } from './transcript.ts';
import { isValid } from './validator.ts';

const NOTHING = { json: false, matches: undefined, minChars: undefined, without: [] };

function valid(text: string, asked: Partial<CascadePolicy['validator']>): boolean {
  return isValid(text, { ...NOTHING, ...asked });
}

describe('a validator', () => {
  it('asks of a text what its settings say', () => {
    assert.ok(valid(' {"a": [1]}\n', { json: true }));
    assert.ok(!valid('```json\n{}\n```', { json: true }));
    assert.ok(valid('Order 12-345 is on its way.', { matches: String.raw`\d{2}-\d{3}` }));
    assert.ok(!valid('Order 12 is on its way.', { matches: String.raw`\d{2}-\d{3}` }));
    assert.ok(!valid('four', { minChars: 5 }));
    assert.ok(!valid("Sorry, I DON'T know.", { without: ["i don't know"] }));
    assert.ok(valid('Paris.', { minChars: 6, without: ['maybe'], matches: '^Paris' }));
  });

  it('takes no longer for a text that is made to be searched long', () => {
    const startedAt = performance.now();
    assert.ok(!valid('a'.repeat(1_000_000), { matches: '(a+)+$b' }));
    assert.ok(performance.now() - startedAt < 2000);
  });
});

describe('a rating', () => {
  it('is a number from 0 to 100 in whatever words', () => {
    for (const [text, rating] of [
      ['85', 0.85],
      [' 100 ', 1],
      ['0', 0],
      ['I would say 35%.', 0.35],
      ['**72**/100', 0.72],
      ['72 out of 100', 0.72],
      ['99.5', 0.995],
      ['5 to 10', undefined],
      ['-3', undefined],
      ['101', undefined],
      ['surely', undefined],
      ['', undefined],
    ] as const) {
      assert.equal(ratingIn(text), rating, text);
    }
  });
});

/** One frame with the probabilities of its tokens. */
function chunk(logprobs: readonly number[]): string {
  const content = logprobs.map((logprob) => ({ token: 'x', logprob }));
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, logprobs: { content } }] })}\n\n`;
}

describe('log probabilities', () => {
  const token = fc.double({ min: -30, max: 0, noNaN: true });

  it('law: however the frames of a stream come, they say what a whole answer says', () => {
    fc.assert(
      fc.property(fc.array(fc.array(token, { maxLength: 4 }), { minLength: 1, maxLength: 6 }), (frames) => {
        const whole = new TokenLogprobs(true);
        whole.whole(Buffer.from(chunk(frames.flat()).slice('data: '.length)));
        const one = new TokenLogprobs(true);
        const together = one.item({ bytes: Buffer.from(frames.map((frame) => chunk(frame)).join('')), events: [] });
        const apart = new TokenLogprobs(true);
        const pieces = frames.map((frame) => apart.item({ bytes: Buffer.from(chunk(frame)), events: [] }));
        assert.equal(one.confidence, apart.confidence);
        assert.equal(
          Buffer.concat(pieces.map(({ bytes }) => bytes ?? Buffer.alloc(0))).toString(),
          together.bytes?.toString(),
        );
        const [a, b] = [one.confidence, whole.confidence];
        assert.equal(a === undefined, frames.flat().length === 0);
        if (a === undefined || b === undefined) return;
        assert.ok(Math.abs(a - b) < 1e-12 && a >= 0 && a <= 1);
        assert.ok(!Buffer.from(together.bytes ?? []).includes('"logprob"'));
      }),
    );
  });

  it('are read where older servers have them, and not of other choices', () => {
    const logprobs = new TokenLogprobs(false);
    const said = Buffer.from(
      JSON.stringify({
        choices: [
          { index: 0, logprobs: { tokens: ['a', 'b'], token_logprobs: [null, Math.log(0.5)] } },
          { index: 1, logprobs: { content: [{ token: 'x', logprob: -9 }] } },
        ],
      }),
    );
    assert.equal(logprobs.whole(said), said);
    assert.equal(logprobs.confidence, 0.5);
  });
});

describe('what a rater is shown', () => {
  const said = [
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: 'Hi' },
    { role: 'assistant', text: 'Hello' },
    { role: 'user', text: 'And\nyou?' },
  ];
  const turns = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
    { role: 'user', content: [{ type: 'text', text: 'And' }, { type: 'image_url' }, { type: 'text', text: 'you?' }] },
  ];
  const BODIES: Readonly<Record<Dialect, object>> = {
    openai: { messages: [{ role: 'system', content: 'Be brief.' }, ...turns] },
    anthropic: { system: [{ type: 'text', text: 'Be brief.' }], messages: turns },
    responses: { instructions: 'Be brief.', input: turns },
    gemini: {
      system_instruction: { parts: [{ text: 'Be brief.' }] },
      contents: turns.map(({ role, content }) => ({
        role,
        parts: typeof content === 'string' ? [{ text: content }] : content,
      })),
    },
  };

  for (const dialect of Object.keys(BODIES) as Dialect[]) {
    it(`is the conversation (${dialect})`, () => {
      assert.deepEqual(transcriptOf(makeCall({ dialect, json: BODIES[dialect] })), said);
    });
  }

  it('is what came last of a long one', () => {
    const messages = Array.from({ length: 50 }, (_, at) => ({ role: 'user', content: `${at} ${'x'.repeat(1000)}` }));
    const shown = transcriptOf(makeCall({ json: { model: 'm', messages } }));
    assert.ok(shown.length <= 9 && shown.at(-1)?.text.startsWith('49 '));
  });

  it('law: is there whatever a body looks like', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom<Dialect[]>('openai', 'anthropic', 'responses', 'gemini'),
        (any, dialect) => {
          const json = { model: 'm', messages: any, input: any, contents: any, system: any, instructions: any };
          assert.ok(Array.isArray(transcriptOf(makeCall({ dialect, json }))));
        },
      ),
    );
  });
});

describe('what an answer says', () => {
  it('has no thoughts, and no tools that the provider runs itself', () => {
    const said = saidIn([
      { type: 'reasoning-delta', choice: 0, index: 0, text: 'hm' },
      { type: 'tool-call-start', choice: 0, index: 1, id: 's', name: 'search', served: true },
      { type: 'tool-call-delta', choice: 0, index: 1, argumentsText: '{' },
      { type: 'text-delta', choice: 0, index: 2, text: 'Pa' },
      { type: 'text-delta', choice: 0, index: 2, text: 'ris' },
      { type: 'finish', choice: 0, reason: 'stop' },
    ]);
    assert.deepEqual(said, { text: 'Paris', calls: [], isRefused: false });
  });

  it('is checked by settings that are made ready once', () => {
    const { validator } = cascadePolicy();
    assert.ok(isValid('sure', validator) && !isValid('Not Sure', validator));
  });
});
