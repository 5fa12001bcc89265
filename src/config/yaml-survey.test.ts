import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';
import { isAlias, parseDocument, visit } from 'yaml';

import { surveyed } from './yaml-survey.ts';

const word = fc.constantFrom('a', 'b', 'c');
const { node } = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    word,
    fc.constantFrom('1', '"1"', 'null', ''),
    word.map((name) => `*${name} `),
    fc.tuple(word, word).map(([name, text]) => `&${name} ${text}`),
    fc.tuple(fc.constantFrom('', '&a ', '&b '), fc.array(tie('node'), { maxLength: 4 })).map(([anchor, items]) => {
      return `${anchor}[${items.map((one) => one || 'x').join(', ')}]`;
    }),
    fc
      .tuple(fc.constantFrom('', '&a ', '&c '), fc.array(fc.tuple(tie('node'), tie('node')), { maxLength: 4 }))
      .map(([anchor, pairs]) => `${anchor}{${pairs.map(([key, value]) => `? ${key} : ${value}`).join(', ')}}`),
  ),
}));

test('aliases and keys that stand twice are found as the parser finds them', () => {
  const met = { aliases: 0, duplicates: 0 };
  fc.assert(
    fc.property(node, (text) => {
      const document = parseDocument(text, { prettyErrors: false });
      const { targets, duplicates } = surveyed(document);
      visit(document, {
        Alias: (_key, alias) => {
          met.aliases += 1;
          assert.equal(targets.get(alias), alias.resolve(document), text);
        },
      });
      assert.ok([...targets.keys()].every(isAlias));
      if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY' && code !== 'BAD_ALIAS')) return;
      const theirs = document.errors.filter(({ code }) => code === 'DUPLICATE_KEY').map(({ pos: [at] }) => at);
      met.duplicates += theirs.length;
      assert.deepEqual(duplicates.toSorted((a, b) => a - b).length, theirs.length, text);
    }),
    { numRuns: 1000 },
  );
  assert.ok(met.aliases > 50 && met.duplicates > 50, JSON.stringify(met));
});

test('the place of a key that stands twice is where the parser has it', () => {
  for (const text of [
    'a: 1\nb: 2\na: 3\n',
    '{ a: 1, b: { c: 1, c: 2 }, a: 2 }',
    'x:\n  &k a: 1\n  &l a: 2\n',
    '? a\n? a\n',
  ]) {
    const { errors } = parseDocument(text, { prettyErrors: false });
    const theirs = errors.map(({ pos: [at] }) => at).toSorted((a, b) => a - b);
    const { duplicates } = surveyed(parseDocument(text));
    assert.deepEqual(
      duplicates.toSorted((a, b) => a - b),
      theirs,
      text,
    );
    assert.ok(theirs.length > 0);
  }
});
