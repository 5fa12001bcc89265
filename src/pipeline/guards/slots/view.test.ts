import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { viewOf } from './view.ts';

/** Replaces the whole of a number that stands somewhere in JSON by a mark. */
function markAll(json: string, planted: string): string {
  const view = viewOf({ text: json, encoding: 'json' });
  const replacements = [...view.text.matchAll(new RegExp(planted, 'g'))].map(({ index }) => {
    return { start: index, end: index + planted.length, by: '[M_1]' };
  });
  return view.rewrite(replacements);
}

const PLANTED = '13800138000';
const leaf = fc.oneof(
  fc.constantFrom(PLANTED, `a ${PLANTED}"\n\u0000`, Number(PLANTED), null, true, -1.5e-7),
  fc.string(),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
);
const tree = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('any')),
    fc.dictionary(fc.oneof(fc.string(), fc.constant(PLANTED)), tie('any')),
  ),
})).any;

describe('what a slot of JSON says', () => {
  it('can be replaced in keys, texts and numbers; what stays is what it was', () => {
    fc.assert(
      fc.property(tree, fc.nat(3), (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        const marked = markAll(json, PLANTED);
        assert.ok(!marked.includes(PLANTED));
        const back = JSON.stringify(JSON.parse(marked)).replaceAll('"[M_1]"', 'X').replaceAll('[M_1]', PLANTED);
        const plain = JSON.stringify(JSON.parse(json)).replaceAll(`"${PLANTED}"`, PLANTED);
        assert.equal(back.replaceAll('X', PLANTED), plain.replaceAll('"[M_1]"', '[M_1]').replaceAll('X', PLANTED));
      }),
    );
  });

  it('is each twin of a doubled key, and a name stands beside its value', () => {
    const json = '{"phone": "13800138000", "phone":13800138000}';
    assert.equal(viewOf({ text: json, encoding: 'json' }).text, 'phone: 13800138000\nphone: 13800138000\n');
    assert.equal(markAll(json, PLANTED), '{"phone": "[M_1]", "phone":"[M_1]"}');
  });

  it('is found without recursion, and in time that is linear', () => {
    const deep = `${'['.repeat(200_000)}"${'\\\\'.repeat(100_000)}"${']'.repeat(200_000)}`;
    assert.equal(viewOf({ text: deep, encoding: 'json' }).text.length, 100_001);
  });

  it('that is found over several of its texts is replaced in each', () => {
    const view = viewOf({ text: '["138", "0013"]', encoding: 'json' });
    assert.equal(view.text, '138\n0013\n');
    assert.equal(view.rewrite([{ start: 1, end: 6, by: '*' }]), '["1*", "*13"]');
  });
});
