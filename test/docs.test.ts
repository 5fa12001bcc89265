import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { parseConfig } from '../src/config/load.ts';
import { ProviderSettings } from '../src/models/providers/settings.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGES = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'bench/*.md'], { cwd: ROOT });

interface Page {
  /** Levels of the headings, in order. */
  readonly levels: readonly number[];
  /** Anchors that a link may name, as the common hosts make them. */
  readonly anchors: ReadonlySet<string>;
  /** Fenced blocks without their comments, which are prose and so differ by language. */
  readonly code: readonly string[];
  readonly links: readonly string[];
}

const FENCE = /^```([^\n]*)\n([\s\S]*?)^```$/gm;

function anchorOf(heading: string): string {
  const words = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '');
  return words.trim().replaceAll(/\s/g, '-');
}

function readPage(file: string): Page {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const prose = text.replaceAll(FENCE, '');
  const headings = [...prose.matchAll(/^(#{1,6}) (.+)$/gm)];
  return {
    levels: headings.map(([, marks = '']) => marks.length),
    anchors: new Set(headings.map(([, , title = '']) => anchorOf(title))),
    code: [...text.matchAll(FENCE)].map(([, language = '', body = '']) => `${language}\n${withoutComments(body)}`),
    links: [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link),
  };
}

/** Code without whole-line and trailing comments of shell, YAML, Python and TypeScript. */
function withoutComments(code: string): string {
  return code
    .split('\n')
    .map((line) => line.replace(/(^|\s)(#|\/\/) .*$/, '').trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}

/** The blocks that a reader copies; diagrams may carry words of their own language. */
function pasteable({ code }: Page): string[] {
  return code.filter((block) => /^(sh|bash|python|ts|yaml|json)/.test(block));
}

/** Whole files of configuration, and those that pages show. */
function configurations(): [where: string, text: string][] {
  const files = globSync('examples/*.yaml', { cwd: ROOT }).map((file): [string, string] => [
    file,
    readFileSync(join(ROOT, file), 'utf8'),
  ]);
  const shown = PAGES.flatMap((page) => {
    const blocks = [...readFileSync(join(ROOT, page), 'utf8').matchAll(FENCE)].filter(
      ([, language]) => language === 'yaml',
    );
    return blocks.map(([, , text = ''], at): [string, string] => [`block ${at + 1} of ${page}`, text]);
  });
  return [...files, ...shown.filter(([, text]) => !PRICE_LIST.test(text))];
}

/** A file of rows, for `causeway prices update`. */
const PRICE_LIST = /^prices:\n +- /;

/** Every variable that the text needs, and the keys that bring in the providers without being named. */
function environmentOf(text: string): Record<string, string> {
  const named = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, valueOf(name)]);
  return { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k', ...Object.fromEntries(named) };
}

/** Something that a variable of this name may hold. */
function valueOf(name: string): string {
  if (name.endsWith('_URL')) return 'https://example.com/some-text';
  return name.endsWith('_WEBHOOK_SECRET') ? `whsec_${Buffer.alloc(32, 1).toString('base64')}` : 'some-text';
}

describe('the documents', () => {
  for (const [where, text] of configurations()) {
    test(`the configuration of ${where} loads`, () => {
      parseConfig(text, { path: 'causeway.yaml', env: environmentOf(text) });
    });
  }

  test('examples/all-providers.yaml and docs/providers.md have every type of provider', () => {
    const { anyOf } = ProviderSettings as unknown as { anyOf: { properties: { type: { const: string } } }[] };
    const types = new Set(anyOf.map(({ properties }) => properties.type.const));
    const text = readFileSync(join(ROOT, 'examples/all-providers.yaml'), 'utf8');
    const { config } = parseConfig(text, { path: 'causeway.yaml', env: environmentOf(text) });
    const page = readFileSync(join(ROOT, 'docs/providers.md'), 'utf8');
    assert.deepEqual(new Set([...config.providers.values()].map(({ type }) => type)), types);
    for (const type of types) assert.match(page, new RegExp(`type: ${type}\\b`), type);
  });

  test('README says the same in both languages: equal headings and equal code', () => {
    const [english, chinese] = [readPage('README.md'), readPage('README.zh-CN.md')];
    assert.ok(english.code.length > 0);
    assert.deepEqual(chinese.levels, english.levels);
    assert.deepEqual(pasteable(chinese), pasteable(english));
    assert.equal(chinese.code.length, english.code.length);
  });

  for (const file of PAGES) {
    test(`every relative link of ${file} leads somewhere`, () => {
      const dead = readPage(file).links.filter((link) => {
        if (/^[a-z]+:/.test(link)) return false;
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? file : join(dirname(file), path);
        if (!existsSync(join(ROOT, target))) return true;
        return (
          anchor !== undefined && target.endsWith('.md') && !readPage(target).anchors.has(decodeURIComponent(anchor))
        );
      });
      assert.deepEqual(dead, []);
    });
  }
});
