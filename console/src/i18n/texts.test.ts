import { expect, test } from 'vitest';

import { texts as english } from './en/all.ts';
import { texts as ofPages } from './en/pages.ts';
import { texts as chinese } from './zh/all.ts';

/** Parts of which every page may use words. */
const EVERYWHERE = new Set(['common', 'shell']);

interface Source {
  readonly text: string;
  readonly folder: string;
}

const loaded = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../i18n/**', '!../**/*.test.ts', '!../**/*.gen.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const SOURCES: readonly Source[] = Object.entries(loaded).map(([path, text]) => ({
  text,
  folder: path.slice(0, path.lastIndexOf('/')),
}));

/** All texts of a language by their names: `alerts.states.firing`. */
function flat(texts: object, prefix = ''): [name: string, text: string][] {
  return Object.entries(texts).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : flat(value as object, `${prefix}${key}.`),
  );
}

function namesIn(texts: object): string[] {
  return flat(texts)
    .map(([name]) => name)
    .toSorted();
}

const PLURAL = /_(?:zero|one|two|few|many|other)$/;

/** Sources that may use texts of a part: whatever stands in a folder in which that part is named. */
function sourcesOf(part: string): readonly Source[] {
  if (EVERYWHERE.has(part)) return SOURCES;
  const named = new RegExp(`useTranslation[^\\n]*'${part}'|ns: '${part}'|['\`]${part}:`);
  const folders = new Set(SOURCES.filter(({ text }) => named.test(text)).map(({ folder }) => folder));
  return SOURCES.filter(({ folder }) => folders.has(folder));
}

const TEMPLATE = /`([\w:.-]*(?:\$\{(?:[^{}]|\{[^{}]*\})*\}[\w:.-]*)+)`/g;
const HOLE = /\$\{(?:[^{}]|\{[^{}]*\})*\}/g;
const FEWEST_LETTERS = 2;

/** Names that are put together: `states.${state}` is every name that begins like that. */
function patternsIn(text: string): RegExp[] {
  return [...text.matchAll(TEMPLATE)]
    .map(([, template = '']) => template.replace(/^\w+:/, ''))
    .filter((template) => template.replaceAll(HOLE, '').replaceAll(/\W/g, '').length >= FEWEST_LETTERS)
    .map((template) => {
      const parts = template.split(HOLE).map((part) => part.replaceAll('.', String.raw`\.`));
      return new RegExp(`^${parts.join('.+')}$`);
    });
}

/** Names of which all that is under them is taken at once. */
function wholesIn(text: string): RegExp[] {
  const taken = [...text.matchAll(/'([\w.]+)', \{[^}']*returnObjects/g)];
  return taken.map(([, name = '']) => new RegExp(`^${name.replaceAll('.', String.raw`\.`)}\\.`));
}

/** What stands in quotes, without the name of a part before it. */
function wordsIn(text: string): string[] {
  return [...text.matchAll(/(['"`])((?:\w+:)?[\w.-]+)\1/g)].map(([, , word = '']) => word.replace(/^\w+:/, ''));
}

function unusedOf(part: string, texts: object): string[] {
  const sources = sourcesOf(part);
  const words = new Set(sources.flatMap(({ text }) => wordsIn(text)));
  const patterns = sources.flatMap(({ text }) => [...patternsIn(text), ...wholesIn(text)]);
  const names = new Set(flat(texts).map(([name]) => name.replace(PLURAL, '')));
  return [...names]
    .filter((name) => !words.has(name) && !patterns.some((pattern) => pattern.test(name)))
    .map((name) => `${part}.${name}`);
}

function holesIn(text: string): string[] {
  return [...new Set(text.match(/\{\{\s*\w+/g) ?? [])].toSorted();
}

test('there is no text that nothing uses', () => {
  expect(Object.entries(english).flatMap(([part, texts]) => unusedOf(part, texts))).toEqual([]);
});

test('both languages have the same texts', () => {
  expect(namesIn(chinese)).toEqual(namesIn(english));
});

test('what is put into a text is put into it in both languages', () => {
  const translated = new Map(flat(chinese));
  const differing = flat(english).filter(([name, text]) => {
    const [here, there] = [holesIn(text), holesIn(translated.get(name) ?? '')];
    // English may say "the key" where there is one; Chinese has one form for all numbers.
    const counted = name.endsWith('_one') ? there.filter((hole) => here.includes(hole)) : there;
    return here.join() !== counted.join();
  });
  expect(differing.map(([name, text]) => [name, text, translated.get(name)])).toEqual([]);
});

/** What is shown before the texts of pages are there. */
const FIRST_SHOWN = /^\.\.\/(?:$|shell|ui|live|events|objectives|first-request|charts|format|pages\/overview)/;

test('the frame and the first page say nothing of other pages, whose texts come later', () => {
  const parts = Object.keys(ofPages).join('|');
  const foreign = new RegExp(`(?:useTranslation[^\\n]*|ns: )'(?:${parts})'|['\`](?:${parts}):[\\w$]`);
  const wrong = SOURCES.filter(({ folder, text }) => FIRST_SHOWN.test(`${folder}/`) && foreign.test(text));
  expect(wrong.map(({ folder, text }) => [folder, foreign.exec(text)?.[0]])).toEqual([]);
});
