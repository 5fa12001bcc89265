import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { expandEnv } from './expand-env.ts';

const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/);
/** Text that means itself, and cannot join with what follows. */
const plain = fc.string().map((text) => text.replaceAll('$', ''));

function textOf(written: string, env: Record<string, string>): string | undefined {
  const expansion = expandEnv(written, env);
  return 'text' in expansion ? expansion.text : undefined;
}

describe('expandEnv', () => {
  it('law: a text without ${ is what it was', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(name, fc.string()), (text, env) => {
        fc.pre(!text.includes('${'));
        assert.deepEqual(expandEnv(text, env), { text, expanded: false });
      }),
    );
  });

  it('law: escaping any text gives that text', () => {
    const withMarks = fc.array(fc.constantFrom('$', '{', '}', 'A', ':-', '${A}')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(withMarks, (text) => {
        assert.equal(
          textOf(
            text.replaceAll('${', () => '$${'),
            { A: 'value' },
          ),
          text,
        );
      }),
    );
  });

  it('law: a set variable stands where it is written, and what it contains is not expanded', () => {
    fc.assert(
      fc.property(plain, name, fc.string(), plain, (before, variable, value, after) => {
        const env = { [variable]: `${value}\${OTHER}` };
        assert.equal(textOf(`${before}\${${variable}}${after}`, env), `${before}${value}\${OTHER}${after}`);
      }),
    );
  });

  it('law: a default counts exactly where the variable is unset or empty', () => {
    const fallback = plain.map((text) => text.replaceAll('}', ''));
    fc.assert(
      fc.property(name, fc.option(fc.string(), { nil: undefined }), fallback, (variable, value, otherwise) => {
        const env = value === undefined ? {} : { [variable]: value };
        assert.equal(
          textOf(`\${${variable}:-${otherwise}}`, env),
          value === undefined || value === '' ? otherwise : value,
        );
      }),
    );
  });

  it('names every variable that is not set, and takes no property that every object has', () => {
    assert.deepEqual(expandEnv('${A} ${constructor} ${B:-}', {}), { unset: ['A', 'constructor'], malformed: [] });
  });

  it('takes an empty variable for what it is', () => {
    assert.equal(textOf('a${A}b', { A: '' }), 'ab');
  });

  for (const written of ['${', '${}', '${A', '${A-B}', '${1}', '${A:x}', '${ A }']) {
    it(`says that ${written} is no variable`, () => {
      assert.deepEqual(expandEnv(`x ${written}`, { A: '1', B: '2' }), { unset: [], malformed: [written] });
    });
  }
});
