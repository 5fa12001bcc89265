import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type RawHead, headBytes, isFile, readHead } from './part-head.ts';

function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function written(disposition: string, more: RawHead = {}): string {
  return headBytes(readHead({ 'content-disposition': [latin1(disposition)], ...more })).toString();
}

/** What came, and what of it goes upstream. */
const READ: readonly (readonly [string, string])[] = [
  ['form-data; name="a"', 'form-data; name="a"'],
  ['FORM-DATA ;NAME=a', 'form-data; name="a"'],
  ['form-data; name="a"; filename="b.wav"', 'form-data; name="a"; filename="b.wav"'],
  ['form-data; filename="b.wav"; name="a";', 'form-data; name="a"; filename="b.wav"'],
  ['form-data; name="a"; filename="録音.wav"', 'form-data; name="a"; filename="録音.wav"'],
  ['form-data; name="a"; filename=""', 'form-data; name="a"; filename=""'],
  ['form-data; name="a"; filename="x\\"; name=\\"model"', 'form-data; name="a"; filename="x%22; name=%22model"'],
  ['form-data; name="a"; filename="C:\\\\in\\\\b.wav"', 'form-data; name="a"; filename="b.wav"'],
  ['form-data; name="a"; filename="C:\\in\\b.wav"', 'form-data; name="a"; filename="b.wav"'],
  [
    'form-data; name="a"; filename*=UTF-8\'\'na%C3%AFve%22%0D%0A.wav',
    'form-data; name="a"; filename="naïve%22%0D%0A.wav"',
  ],
  ['form-data; name="a"; filename="x"; filename*=utf-8\'en\'y', 'form-data; name="a"; filename="y"'],
];

const REFUSED: readonly (readonly [string, RawHead, RegExp])[] = [
  ['no disposition', {}, /no Content-Disposition/],
  ['another kind', { 'content-disposition': ['attachment; name="a"'] }, /not form-data/],
  ['no name', { 'content-disposition': ['form-data; filename="a"'] }, /no name/],
  ['a name twice', { 'content-disposition': ['form-data; name="a"; name="b"'] }, /more than one name/],
  ['two dispositions', { 'content-disposition': ['form-data; name="a"', 'form-data; name="b"'] }, /more than one/],
  ['an open quote', { 'content-disposition': ['form-data; name="a'] }, /cannot be read/],
  ['words behind a value', { 'content-disposition': ['form-data; name="a"b'] }, /cannot be read/],
  ['a backslash in a name', { 'content-disposition': ['form-data; name="a\\b"'] }, /backslash/],
  ['another charset of a name', { 'content-disposition': ["form-data; name=a; filename*=latin1''b"] }, /file name/],
  [
    'an encoding',
    { 'content-disposition': ['form-data; name="a"'], 'content-transfer-encoding': ['base64'] },
    /Encoding/,
  ],
  [
    'another charset',
    { 'content-disposition': ['form-data; name="a"'], 'content-type': ['text/plain; charset=utf-16'] },
    /UTF-8/,
  ],
  [
    'a long head',
    { 'content-disposition': ['form-data; name="a"'], 'x-more': ['x'.repeat(17_000)] },
    /over 16384 bytes/,
  ],
];

describe('the head of a part', () => {
  for (const [came, goes] of READ) {
    it(`is written so that nobody reads it otherwise: ${came}`, () => {
      assert.equal(written(came), `Content-Disposition: ${goes}\r\n\r\n`);
    });
  }

  for (const [what, raw, message] of REFUSED) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => readHead(raw), { code: 'request_invalid', message });
    });
  }

  it('keeps the content type with its parameters', () => {
    const type = 'audio/webm; codecs=opus';
    assert.match(
      written('form-data; name="a"; filename="b"', { 'content-type': [type] }),
      /\r\nContent-Type: audio\/webm; codecs=opus\r\n\r\n$/,
    );
  });

  it('is that of a file where it has a file name, or a type that only files have', () => {
    const head = { name: 'a', filename: undefined, contentType: undefined };
    assert.equal(isFile(head), false);
    assert.equal(isFile({ ...head, filename: '' }), true);
    assert.equal(isFile({ ...head, contentType: 'application/octet-stream' }), true);
    assert.equal(isFile({ ...head, contentType: 'application/json' }), false);
  });
});
