import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import '../../../../test/support/fast-check.ts';
import { Concealer } from './concealer.ts';

const PHONE = '13800138000';

function concealed(json: string, values: readonly string[] = [PHONE]): string | undefined {
  const concealer = new Concealer();
  for (const [at, value] of values.entries()) concealer.add(value, `[V_${at + 1}]`);
  return concealer.concealJson(Buffer.from(json))?.toString();
}

/** As JSON may write it, sign by sign. */
const escaped = (text: string): string =>
  Array.from(text, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

describe('JSON that is kept', () => {
  it('has no value in texts, names and numbers, and keeps all other bytes', () => {
    const json = `{ "${PHONE}": [${PHONE}, -1.50, 1e2],\n "a": "x ${PHONE}", "a": "\\u0061" , "big": 12345678901234567890}`;
    const kept = `{ "[V_1]": ["[V_1]", -1.50, 1e2],\n "a": "x [V_1]", "a": "\\u0061" , "big": 12345678901234567890}`;
    assert.equal(concealed(json), kept);
  });

  it('has none in JSON within texts, however it is escaped', () => {
    const inner = `{"n":${PHONE},"t":"${escaped(PHONE)}"}`;
    const json = JSON.stringify({ arguments: inner, deeper: JSON.stringify([inner]) });
    const kept = '{"n":"[V_1]","t":"[V_1]"}';
    assert.equal(concealed(json), JSON.stringify({ arguments: kept, deeper: JSON.stringify([kept]) }));
  });

  it('is the JSON that it was but for the values, wherever they stand', () => {
    const unit = fc.constantFrom('"', '\\', '\n', '{', '1', 'a', '\ud800', '\u2028', '张');
    const value = fc.string({ minLength: 3, maxLength: 12, unit });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), fc.jsonValue(), (values, other) => {
        const json = JSON.stringify({ 'kept under': [other, ...values.map((one) => `<${one}>`)] });
        const kept = concealed(json, values);
        assert.ok(kept !== undefined);
        const [list] = Object.values(JSON.parse(kept) as object) as [unknown[]];
        for (const text of list.slice(1).map(String)) {
          const rest = text.replaceAll(/\[V_\d\]/g, '\0').split('\0');
          assert.ok(!values.some((one) => rest.some((part) => part.includes(one))), kept);
        }
      }),
      { numRuns: 50 },
    );
    assert.equal(concealed('{"a": 1 }'), '{"a": 1 }');
  });

  it('is nothing where it is no JSON, or more is to be taken out than is looked for', () => {
    assert.equal(concealed('<html>'), undefined);
    assert.equal(
      concealed(
        '{"a":1}',
        Array.from({ length: 20_001 }, (_, at) => `value ${at}`),
      ),
      undefined,
    );
  });

  it('may be nested as deep as it likes', () => {
    const deep = `${'['.repeat(100_000)}"${PHONE}"${']'.repeat(100_000)}`;
    assert.ok(concealed(deep)?.includes('"[V_1]"'));
  });

  it('takes time that grows with the text, not with texts times values', () => {
    const values = Array.from({ length: 20_000 }, (_, at) => String(13_800_000_000 + at));
    const json = JSON.stringify(Array.from({ length: 60_000 }, (_, at) => `text ${at} of many`));
    const began = performance.now();
    assert.equal(concealed(json, values), json);
    const seeming = JSON.stringify(Array.from({ length: 100_000 }, () => String.raw`{\u0061}`));
    assert.equal(concealed(seeming), seeming);
    // It takes about 200 ms; copying the values for each text took ten times that.
    assert.ok(performance.now() - began < 1500);
  });
});
