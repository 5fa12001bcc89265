import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { anyText } from '../../../test/support/make-record.ts';
import { flatText } from './flat-text.ts';

test('a text in one piece is the same text', () => {
  const parts = fc.array(fc.oneof(anyText, fc.string({ maxLength: 400 })), { maxLength: 5 });
  fc.assert(fc.property(parts, (all) => assert.equal(flatText(all.join('')), all.join(''))));
});
