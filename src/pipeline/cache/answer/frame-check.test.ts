import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { parseJson } from '../../../core/json.ts';
import { SseSplitter } from '../../../models/transport/sse.ts';
import { FrameCheck } from './frame-check.ts';
import { KNOWN_IN_FRAMES } from './known-members.ts';
import { fits } from './members.ts';

const text = fc.constantFrom('', 'a', 'Hello ', 'é€', '"quoted" \\ and\nlines', '{"logprobs":1}', '"}}]}');
const odd = fc.constantFrom<unknown>(null, '', 'x', 1, [], ['x'], { a: 1 });
const extra = (...names: string[]) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 1 }) },
  );

const openai = fc
  .record({
    id: fc.constantFrom('c1', 'c2'),
    created: fc.nat({ max: 3 }),
    delta: fc.oneof(
      { weight: 6, arbitrary: fc.record({ content: text }) },
      { weight: 1, arbitrary: fc.record({ reasoning_content: text }) },
      { weight: 1, arbitrary: fc.record({ reasoning: text }) },
    ),
    more: extra('logprobs', 'x', 'index', 'stop_reason', 'delta'),
    moreAround: extra('x', 'usage', 'citations', 'model'),
  })
  .map(({ id, created, delta, more, moreAround }) => ({
    id,
    created,
    choices: [{ index: 0, delta, finish_reason: null, ...more }],
    ...moreAround,
  }));
const anthropic = fc
  .record({
    delta: fc.oneof(
      fc.record({ type: fc.constantFrom('text_delta', 'other_delta'), text }),
      fc.record({ type: fc.constant('input_json_delta'), partial_json: text }),
    ),
    more: extra('x', 'usage', 'type'),
  })
  .map(({ delta, more }) => ({ type: 'content_block_delta', index: 0, delta, ...more }));

for (const [dialect, frame, head] of [
  ['openai', openai, ''],
  ['anthropic', anthropic, 'event: content_block_delta\n'],
] as const) {
  test(`what is known of frames is what is found when each is read (${dialect})`, () => {
    const stream = fc.array(fc.tuple(frame, fc.constantFrom(1, 1, 3)), { maxLength: 12 });
    fc.assert(
      fc.property(stream, fc.array(fc.nat({ max: 2000 }), { maxLength: 4 }), (frames, cuts) => {
        const written = frames.flatMap(([one, times]) => Array.from({ length: times }, () => JSON.stringify(one)));
        const bytes = Buffer.from(written.map((data) => `${head}data: ${data}\n\n`).join(''));
        const isKnown = written.every((data) => fits(parseJson(data) ?? null, KNOWN_IN_FRAMES[dialect]));
        // Whole frames, in reads of any length.
        const splitter = new SseSplitter();
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length];
        const reads = places.slice(1).map((to, at) => splitter.push(bytes.subarray(places[at], to)).bytes);
        const check = new FrameCheck(dialect);
        assert.equal(
          reads.every((read) => check.isKnown(read)),
          isKnown,
        );
      }),
      { numRuns: 300 },
    );
  });
}
