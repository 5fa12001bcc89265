import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { imageSize } from './image-size.ts';
import { imageTokens, imageUpperBound } from './image-tokens.ts';

function bytes(...parts: (string | number | readonly number[])[]): string {
  const buffers = parts.map((part) =>
    typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(typeof part === 'number' ? [part] : part),
  );
  return Buffer.concat(buffers).toString('base64');
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

describe('the size of an image', () => {
  it('is read from the header of each format', () => {
    const cases: [string, string, number, number][] = [
      ['png', bytes('\x89PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', [0, 0, 4, 0], [0, 0, 3, 0]), 1024, 768],
      ['gif', bytes('GIF89a', [0x20, 0x03], [0x58, 0x02]), 800, 600],
      ['webp, lossy', bytes('RIFF', zeros(4), 'WEBPVP8 ', zeros(10), [0x80, 0x02], [0xe0, 0x01]), 640, 480],
      ['webp, extended', bytes('RIFF', zeros(4), 'WEBPVP8X', zeros(8), [0xff, 3, 0], [0xff, 2, 0]), 1024, 768],
      [
        'webp, lossless',
        bytes('RIFF', zeros(4), 'WEBPVP8L', zeros(4), 0x2f, [0xff, 0xc3, 0xbf, 0], zeros(8)),
        1024,
        768,
      ],
      [
        'jpeg, behind its metadata',
        bytes(
          [0xff, 0xd8, 0xff, 0xe0, 0, 16],
          zeros(14),
          [0xff, 0xc4, 0, 4, 0, 0],
          [0xff, 0xc2, 0, 17, 8, 3, 0, 4, 0],
          zeros(9),
        ),
        1024,
        768,
      ],
    ];
    for (const [name, base64, width, height] of cases) {
      assert.deepEqual(imageSize(base64), { width, height }, name);
    }
  });

  it('is unknown of anything else, and of a header that is cut', () => {
    const png = Buffer.from(bytes('\x89PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', [0, 0, 4, 0], [0, 0, 3, 0]), 'base64');
    for (let length = 0; length < png.length; length += 1) {
      assert.equal(imageSize(png.subarray(0, length).toString('base64')), undefined);
    }
    assert.equal(imageSize('not base64 !!'), undefined);
    assert.equal(imageSize(bytes([0xff, 0xd8, 0xff, 0xe0, 0, 0], zeros(40))), undefined);
  });

  it('law: no bytes make it throw', () => {
    const start = fc.constantFrom(
      '\x89PNG\r\n\x1a\n',
      'GIF89a',
      'RIFF\0\0\0\0WEBPVP8L',
      'RIFF\0\0\0\0WEBPVP8X',
      '\xff\xd8\xff',
    );
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 100 }), (head, rest) => {
        imageSize(Buffer.concat([Buffer.from(head, 'latin1'), rest]).toString('base64'));
      }),
    );
  });
});

describe('the tokens of an image', () => {
  it("are those of the examples on the providers' pages", () => {
    const cases: [family: string, model: string, width: number, height: number, detail: string, tokens: number][] = [
      ['openai', 'gpt-4o', 1024, 1024, 'high', 765],
      ['openai', 'gpt-4o', 2048, 4096, 'high', 1105],
      ['openai', 'gpt-4o', 4096, 8192, 'low', 85],
      ['openai', 'gpt-4o-mini', 1024, 1024, 'high', 2833 + 4 * 5667],
      ['openai', 'gpt-5', 1024, 1024, 'auto', 70 + 4 * 140],
      ['openai', 'gpt-5.2', 1024, 1024, 'auto', 1024],
      ['openai', 'gpt-4.1-mini', 1800, 2400, 'high', Math.ceil(1452 * 1.62)],
      ['anthropic', 'claude-opus-5-5', 1000, 1000, 'auto', 1296],
      ['anthropic', 'claude-opus-5-5', 1920, 1080, 'auto', 2691],
      ['anthropic', 'claude-sonnet-4-5', 1920, 1080, 'auto', 1568],
    ];
    for (const [family, model, width, height, detail, tokens] of cases) {
      assert.equal(imageTokens(family, model, { size: { width, height }, detail }), tokens, `${model} ${width}`);
    }
  });

  it('are unknown where the provider says nothing of them', () => {
    assert.equal(imageTokens('groq', 'qwen/qwen3.8-27b', { size: undefined, detail: undefined }), undefined);
    assert.equal(imageUpperBound('groq', 'qwen/qwen3.8-27b'), undefined);
  });

  it('law: are never more than their upper bound', () => {
    const models = [
      'gpt-4o',
      'gpt-4o-mini',
      'gpt-4.1-nano',
      'gpt-5',
      'gpt-5-nano',
      'gpt-5.2',
      'gpt-5.5',
      'gpt-6-sol',
      'o1',
      'o4-mini',
      'gpt-x',
    ];
    const claudes = [
      'claude-sonnet-4-5',
      'claude-opus-4-1-20250805',
      'claude-opus-4-7',
      'claude-haiku-5-5',
      'claude-opus-4',
    ];
    const target = fc.constantFrom(
      ...models.map((model) => ['openai', model] as const),
      ...claudes.map((model) => ['anthropic', model] as const),
    );
    const side = fc.integer({ min: 1, max: 30_000 });
    const detail = fc.constantFrom('low', 'high', 'auto', 'original', undefined);
    fc.assert(
      fc.property(target, side, side, detail, ([family, model], width, height, asked) => {
        const tokens = imageTokens(family, model, { size: { width, height }, detail: asked }) ?? 0;
        assert.ok(tokens <= (imageUpperBound(family, model) ?? 0), `${tokens}`);
      }),
      { numRuns: 2000 },
    );
  });
});
