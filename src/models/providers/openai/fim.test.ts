import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';

import type { FrameBatch } from '../../transport/frames.ts';
import { FimSplitter, completionOf } from './fim.ts';

const ANSWER = {
  id: 'f1',
  object: 'chat.completion',
  model: 'codestral-latest',
  created: 1,
  usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: '  return a', tool_calls: null },
      finish_reason: 'model_length',
    },
  ],
};

describe('completionOf', () => {
  it('says the same as a text completion', () => {
    const { choices, ...rest } = completionOf(ANSWER);
    assert.deepEqual(rest, { ...rest, id: 'f1', object: 'text_completion', usage: ANSWER.usage, created: 1 });
    assert.deepEqual(choices, [{ index: 0, text: '  return a', logprobs: null, finish_reason: 'length' }]);
  });

  it('leaves an error as it is, and refuses what is no answer', () => {
    const error = { object: 'error', message: 'no' };
    assert.equal(completionOf(error), error);
    assert.throws(() => completionOf('x'), { code: 'provider_bad_response' });
  });
});

function chunk(content: string, finish: string | null = null): string {
  const choices = [{ index: 0, delta: { role: 'assistant', content }, finish_reason: finish }];
  return `data: ${JSON.stringify({ id: 'f1', object: 'chat.completion.chunk', model: 'm', choices })}\n\n`;
}

const STREAM = `: hello\n\n${chunk('a\n')}${chunk('b', 'stop')}data: [DONE]\n\n`;

function read(pieces: readonly Buffer[]): { bytes: string; data: (string | undefined)[] } {
  const splitter = new FimSplitter();
  const batches: FrameBatch[] = [...pieces.map((piece) => splitter.push(piece)), splitter.flush()];
  for (const { bytes, frames } of batches) {
    assert.equal(frames.at(-1)?.end ?? 0, bytes.length);
    let at = 0;
    for (const { start, end } of frames) {
      assert.equal(start, at);
      at = end;
    }
  }
  return {
    bytes: Buffer.concat(batches.map(({ bytes }) => bytes)).toString(),
    data: batches.flatMap(({ frames }) => frames.map(({ data }) => data)),
  };
}

describe('FimSplitter', () => {
  it('writes each chunk as one of a completion, and the rest as it came', () => {
    const { bytes, data } = read([Buffer.from(STREAM)]);
    const [comment, first, second, done] = data;
    assert.equal(comment, undefined);
    assert.equal(done, '[DONE]');
    assert.deepEqual(
      [first, second].map((text) => JSON.parse(text ?? '') as unknown),
      [
        {
          id: 'f1',
          object: 'text_completion',
          model: 'm',
          choices: [{ index: 0, text: 'a\n', logprobs: null, finish_reason: null }],
        },
        {
          id: 'f1',
          object: 'text_completion',
          model: 'm',
          choices: [{ index: 0, text: 'b', logprobs: null, finish_reason: 'stop' }],
        },
      ],
    );
    assert.equal(bytes, `: hello\n\ndata: ${first}\n\ndata: ${second}\n\ndata: [DONE]\n\n`);
  });

  it('says the same however the bytes are cut', () => {
    const whole = read([Buffer.from(STREAM)]);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: STREAM.length })), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), STREAM.length];
        const pieces = at.slice(1).map((end, index) => Buffer.from(STREAM.slice(at[index], end)));
        assert.deepEqual(read(pieces), whole);
      }),
    );
  });
});
