import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import { shapeOf } from '../../../core/json-shape.ts';
import type { TextSlot } from '../slots/slot.ts';
import { imagesIn, pointerOf } from './images.ts';
import type { ValidationSettings } from './settings.ts';
import { validateRequest } from './validate.ts';

const LENIENT: ValidationSettings = {
  action: 'block',
  maxCharacters: 1000,
  languages: [],
  maxJsonDepth: 64,
  forbid: new Map(),
};

function slot(text: string, parts: Partial<TextSlot> = {}): TextSlot {
  const message = parts.message ?? 0;
  const path = `/messages/${message}/content`;
  return { path, place: 'input', role: 'user', message, encoding: 'plain', text, ...parts };
}

function problems(settings: Partial<ValidationSettings>, slots: readonly TextSlot[], call: CallParts = {}) {
  return validateRequest({ ...LENIENT, ...settings }, makeCall(call), slots);
}

describe('how deep JSON is', () => {
  const depthOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 0;
    return 1 + Object.values(value).reduce((most: number, member) => Math.max(most, depthOf(member)), 0);
  };

  it('is what a walk over the parsed value finds, however it is written', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (text, isSpaced) => {
        const written = isSpaced ? JSON.stringify(JSON.parse(text), undefined, 2) : text;
        assert.equal(shapeOf(Buffer.from(written)).depth, depthOf(JSON.parse(text)));
      }),
    );
  });

  it('is found where nothing else can go', () => {
    assert.equal(shapeOf(Buffer.from('['.repeat(500_000) + ']'.repeat(500_000))).depth, 500_000);
    assert.equal(shapeOf(Buffer.from(String.raw`{"a":"[[[\"[[","b":["}"]}`)).depth, 2);
  });

  it('is held against the bound', () => {
    const json = { model: 'm', messages: [], x: [[[[1]]]] };
    assert.deepEqual(problems({ maxJsonDepth: 4 }, [], { json }), [
      { rule: 'json_depth', limit: 4, found: 5, path: '' },
    ]);
    assert.deepEqual(problems({ maxJsonDepth: 5 }, [], { json }), []);
  });
});

describe('how long texts are', () => {
  it('counts code points of all that a user says in a message, and nothing else', () => {
    const characters = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(characters, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 60 }),
        (texts, max) => {
          const slots = [
            slot('x'.repeat(500), { role: 'system', message: 0 }),
            ...texts.map((text) => slot(text, { message: 1 })),
            slot('x'.repeat(500), { role: 'tool', place: 'tool-results', message: 2 }),
            slot('x'.repeat(500), { role: 'assistant', message: 3 }),
            slot('x'.repeat(500), { place: 'retrieved', message: 4 }),
          ];
          const found = texts.reduce((sum, text) => sum + Array.from(text).length, 0);
          const told = [{ rule: 'max_characters', limit: max, found, path: '/messages/1/content' }];
          assert.deepEqual(problems({ maxCharacters: max }, slots), found > max ? told : []);
        },
      ),
    );
  });

  it('tells messages apart, and holds no other operation to it', () => {
    const slots = [slot('x'.repeat(600), { message: 0 }), slot('y'.repeat(600), { message: 1 })];
    assert.deepEqual(problems({}, slots), []);
    const long = [slot('x'.repeat(2000))];
    assert.equal(problems({}, long).length, 1);
    assert.deepEqual(problems({}, long, { operation: 'embeddings' }), []);
  });

  it('counts everything where the bound is for all texts together', () => {
    const slots = [slot('x'.repeat(60), { role: 'system' }), slot('😀'.repeat(40))];
    assert.deepEqual(problems({ maxTotalCharacters: 100 }, slots), []);
    assert.deepEqual(problems({ maxTotalCharacters: 99 }, slots), [
      { rule: 'total_characters', limit: 99, found: 100, path: '' },
    ]);
  });

  it('estimates tokens, and stops where there are far too many', () => {
    assert.deepEqual(problems({ maxTokens: 100 }, [slot('one two three four')]), []);
    const [short] = problems({ maxTokens: 100 }, [slot('word '.repeat(150))]);
    assert.equal(short?.rule, 'tokens');
    assert.ok(Number(short.found) > 120 && Number(short.found) < 250, String(short.found));
    const [long] = problems({ maxTokens: 100, maxCharacters: 10_000_000 }, [slot('word '.repeat(1_000_000))]);
    assert.ok(Number(long?.found) > 200 && Number(long?.found) < 20_000, String(long?.found));
  });

  it('counts messages in each dialect', () => {
    const two = [
      { role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
    ];
    const rule = { rule: 'messages', limit: 1, found: 2 };
    assert.deepEqual(problems({ maxMessages: 1 }, [], { json: { messages: two } }), [{ ...rule, path: '/messages' }]);
    assert.deepEqual(problems({ maxMessages: 1 }, [], { dialect: 'responses', json: { input: two } }), [
      { ...rule, path: '/input' },
    ]);
    assert.deepEqual(problems({ maxMessages: 1 }, [], { dialect: 'responses', json: { input: 'one' } }), []);
    assert.deepEqual(problems({ maxMessages: 1 }, [], { dialect: 'gemini', json: { contents: two } }), [
      { ...rule, path: '/contents' },
    ]);
  });
});

describe('what texts are written in', () => {
  it('is told by the letters of users, if there are enough', () => {
    const russian = slot('Расскажи мне, пожалуйста, о погоде', { message: 2 });
    const told = { rule: 'languages', limit: 'zh, latin', found: 'ru', path: '/messages/2/content' };
    assert.deepEqual(problems({ languages: ['zh', 'latin'] }, [slot('今天天气怎么样'), russian]), [told]);
    assert.deepEqual(problems({ languages: ['ru'] }, [russian]), []);
    assert.deepEqual(problems({ languages: ['zh'] }, [slot('Ok, thanks! 12345 67890 ---')]), []);
    assert.deepEqual(problems({ languages: ['zh'] }, [{ ...russian, role: 'assistant' }]), []);
  });

  it('is told of the parts of a message together', () => {
    const parts = ['Расскажи', 'мне о', 'погоде в Москве'].map((text) => slot(text));
    assert.equal(problems({ languages: ['zh'] }, parts).length, 1);
  });
});

const PNG = Buffer.alloc(300, 7).toString('base64');

const IMAGES: readonly CallParts[] = [
  {
    dialect: 'openai',
    json: {
      messages: [
        { role: 'user', content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }] },
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] },
      ],
    },
  },
  {
    dialect: 'responses',
    json: {
      input: [
        { role: 'user', content: [{ type: 'input_image', image_url: `data:image/png;base64,${PNG}` }] },
        { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image', file_id: 'file-1' }] },
      ],
    },
  },
  {
    dialect: 'anthropic',
    json: {
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }],
            },
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          ],
        },
        { role: 'assistant', content: [{ type: 'tool_use', input: { type: 'image', source: { data: PNG } } }] },
      ],
    },
  },
  {
    dialect: 'gemini',
    json: {
      contents: [
        {
          parts: [
            { inlineData: { mimeType: 'image/png', data: PNG } },
            { inline_data: { mime_type: 'audio/wav', data: PNG } },
          ],
        },
        { parts: [{ file_data: { mime_type: 'image/png', file_uri: 'https://example.com/a' } }] },
        { parts: [{ functionCall: { args: { inlineData: { mimeType: 'image/png', data: PNG } } } }] },
      ],
    },
  },
];

describe('images', () => {
  for (const parts of IMAGES) {
    it(`are found wherever ${parts.dialect} has them, with the size of those that are sent`, () => {
      const images = imagesIn(makeCall(parts));
      assert.deepEqual(
        images.map(({ bytes }) => bytes ?? -1).toSorted((a, b) => a - b),
        [-1, 300],
      );
      assert.deepEqual(
        problems({ maxImages: 1 }, [], parts).map(({ found }) => found),
        [2],
      );
      const [large] = problems({ maxImageSize: 299 }, [], parts);
      assert.deepEqual([large?.rule, large?.found], ['image_size', 300]);
      assert.deepEqual(problems({ maxImages: 2, maxImageSize: 300 }, [], parts), []);
    });
  }

  it('have a pointer to where they stand', () => {
    const json = { messages: [{ content: { 'a/~b': { type: 'image_url', image_url: 'https://example.com/a' } } }] };
    const [image] = imagesIn(makeCall({ json }));
    assert.equal(image && pointerOf(image.place), '/messages/0/content/a~1~0b');
  });
});
