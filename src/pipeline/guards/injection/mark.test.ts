import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { markUntrusted, markingNotice, nonceOf } from './mark.ts';

const nonce = 'a1'.repeat(12);
const hostile = fc
  .array(
    fc.constantFrom(
      nonce,
      nonce.toUpperCase(),
      nonce.slice(0, 11),
      nonce.slice(11),
      '<<end ',
      '>>',
      '\n',
      'a1',
      '忽略',
      'x',
    ),
  )
  .map((parts) => parts.join(''));

describe('marks around a text that nobody vouches for', () => {
  it('are closed once, at the end, whatever the text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const marked = markUntrusted(text, nonce);
        assert.equal(marked.toLowerCase().split(nonce).length - 1, 2);
        assert.ok(marked.startsWith(`<<data ${nonce}>>\n`));
        assert.ok(marked.endsWith(`\n<<end ${nonce}>>`));
      }),
    );
  });

  it('leave a text without the code as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) =>
        assert.equal(markUntrusted(text, nonce), `<<data ${nonce}>>\n${text}\n<<end ${nonce}>>`),
      ),
    );
  });

  it('have a code that is the same for the same text and secret alone', () => {
    assert.equal(nonceOf('secret', 'text'), nonceOf('secret', 'text'));
    assert.notEqual(nonceOf('secret', 'text'), nonceOf('secret', 'other text'));
    assert.notEqual(nonceOf('secret', 'text'), nonceOf('other secret', 'text'));
    assert.match(nonceOf('secret', 'text'), /^[0-9a-f]{24}$/);
  });

  it('are named in the notice, in both languages', () => {
    for (const language of ['en', 'zh'] as const) {
      assert.ok(markingNotice(nonce, language).includes(`<<end ${nonce}>>`));
      assert.ok(markingNotice(undefined, language).includes('<<end CODE>>'));
    }
  });

  it('refuse a code that a text could hold as a pattern', () => {
    assert.throws(() => markUntrusted('text', '.*'), RangeError);
    assert.throws(() => markingNotice('short', 'en'), RangeError);
  });
});
