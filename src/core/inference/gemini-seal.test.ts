import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import type { ReasoningPart } from './content.ts';
import { isSealedForGemini, sealForGemini, unsealForGemini } from './gemini-seal.ts';

const text = fc.string({ unit: 'binary' });
const anyPart: fc.Arbitrary<ReasoningPart> = fc
  .record({ text, signature: text, redacted: text }, { requiredKeys: ['text'] })
  .map((part) => ({ type: 'reasoning', ...part }));

test('promise 2: what is sealed comes back, in either alphabet of base64 and with or without padding', () => {
  fc.assert(
    fc.property(fc.array(anyPart), (parts) => {
      const sealed = sealForGemini(parts);
      const bytes = Buffer.from(sealed, 'base64');
      for (const form of [sealed, bytes.toString('base64url'), bytes.toString('base64')]) {
        assert.ok(isSealedForGemini(form));
        assert.deepEqual(unsealForGemini(form), parts);
      }
    }),
  );
});

test("Gemini's own signatures are not ours, and a broken seal is not read", () => {
  assert.equal(isSealedForGemini('EvsFCvgFAb4+9vtgYAdOcxMwBr9AOT6XX6Pz5SYAd9gXb'), false);
  const sealed = sealForGemini([{ type: 'reasoning', text: 'hm', signature: 's' }]);
  assert.equal(unsealForGemini(sealed.slice(0, -8)), undefined);
  assert.equal(unsealForGemini('AAAA'), undefined);
});
