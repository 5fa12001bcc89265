import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import { parseConfig } from '../load.ts';
import { ConfigError } from '../problems.ts';
import { maskText } from './mask-text.ts';
import { TextRestorer } from './restore-text.ts';

const ENV = { OPENAI_API_KEY: 'of-the-environment-123', TOKEN: 'of-the-environment-456' };
const KEY = 'sk-live-0123456789abcdef';

function edit(original: string, change: (masked: string) => string) {
  const masked = maskText(original, ENV);
  const restorer = new TextRestorer(change(masked.text), masked, ENV);
  try {
    const { config } = parseConfig(change(masked.text), { path: 'c.yaml', env: ENV, restore: restorer.restore });
    return { masked: masked.text, config, text: restorer.text(), problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return {
      masked: masked.text,
      problems: error.problems.map(({ line, column, key, message }) => `${line}:${column} ${key}: ${message}`),
    };
  }
}

const FILE = `# was sk-old-0123456789abcdef until May
providers:
  a: { type: openai, apiKeys: [ "${KEY}", { key: 'plain-key-of-a', weight: 2 }, "\${OPENAI_API_KEY}" ] }
  b:
    type: openai-compatible
    baseUrl: https://example.com/v1
    headers: { x-team: blue-house, authorization: "Bearer \${TOKEN}" }
  v:
    type: vertex
    project: p
models:
  chat: { target: a/gpt, passThroughCredentials: true, prompt: { version: a@1.0.0, system: "Say ${KEY} to https://me:pass-word@example.com" } }
`;

describe('a text that is shown', () => {
  test('has placeholders where secrets are, and nothing else is another', () => {
    const { text, secrets } = maskText(FILE, ENV);
    for (const secret of [KEY, 'sk-old', 'plain-key-of-a', 'pass-word', 'blue-house'])
      assert.ok(!text.includes(secret), text);
    for (const shown of [
      '${OPENAI_API_KEY}',
      'Bearer ${TOKEN}',
      '›@example.com',
      'weight: 2',
      'passThroughCredentials: true',
      'Say sk-‹',
    ])
      assert.ok(text.includes(shown), `${shown}\n${text}`);
    assert.ok(text.includes('apiKeys: [ ‹secret:2:cdef›,'), text);
    assert.equal(secrets.length, 6);
  });

  test('shows no secret of a file with mistakes either', () => {
    const broken = [
      `providers: { a: { type: opnai, apiKey: ${KEY}, headers: { x-team: blue-house } } }`,
      `alerts: { channels: { c: { type: webhok, url: "https://hooks.example.com/very/secret", secret: blue-house } } }`,
      `provders:\n  a:\n    secretAccessKey: blue-house\n    apiKey: "${KEY}`,
      `a: [\nb: "\nkey: blue-house\n  - ${KEY}\napiKey: very/secret`,
    ];
    for (const text of broken) {
      const masked = maskText(text, ENV).text;
      for (const secret of [KEY, 'blue-house', 'very/secret']) assert.ok(!masked.includes(secret), masked);
    }
  });

  test('shows no secret under a name that is only like one, in a query, or in a comment', () => {
    for (const text of [
      'providers:\n  a: { type: openai, apikeyy: S3cretPass99 }\n',
      'providers:\n  a: { type: openai, token: S3cretPass99 }\n',
      'providers:\n  a: { type: openai, apiKyes: [S3cretPass99] }\n',
      'providers:\n  a: { type: openai, apikeyy: 9993000012345678 }\n',
      'providers:\n  a: { type: openai-compatible, baseUrl: "https://host/v1?api_key=S3cretPass99", apiKey: "${X}" }\n',
      'providers:\n  a: { type: openai-compatible, baseUrl: "https://user:S3cret/Pass99@host/v1", apiKey: "${X}" }\n',
      '# old: S3cretPass99\nproviders:\n  a: { type: openai, apiKey: "${X}" } # was S3cretPass99\n',
      'log: { level: info } # apiKey: "S3cretPass99"\n#token=S3cretPass99\n# old apiKey: S3cretPass99\n',
      "# the_api_key = 'S3cret Pass 99'\nlog: { level: info }\n# a0b1c2S3cret3d4e5f6a7b8c9d0\n",
      'log: {\n# token: S3cretPass99\n',
    ]) {
      const masked = maskText(text, { ...ENV, X: 'x' }).text;
      assert.doesNotMatch(masked, /S3cret|9993/, masked);
      assert.equal(masked.includes('‹secret:'), true);
    }
  });

  test('shows what is no secret, also in a file with mistakes and in comments', () => {
    const text = `# Keys are in the vault: https://wiki.example.com/Docs2024/Keys. Changed 2026-01-31 by me.
# model: gpt-4o-2024-08-06, before claude-3-5-sonnet-20241022; timeout=90s
server: { portt: 8080, bodyLimit: 10MB }
models:
  chat: { target: openai/gpt-4o-2024-08-06, maxTokens: 100000, passThroughCredential: true, keywords: "\${KEY}" }
`;
    assert.equal(maskText(text, ENV).text, text);
  });

  test('has a secret behind an anchor, and of several lines, and one as a variable’s default', () => {
    const pem = '-----BEGIN PRIVATE KEY-----\n        MIIBVAIBADANBg\n        -----END PRIVATE KEY-----';
    const file = `providers:
  a: { type: openai, apiKey: &k plain-key-of-a }
  b: { type: openai, apiKey: *k }
  c: { type: openai, apiKey: "\${NOPE:-plain-key-of-c}" }
  d:
    type: vertex
    accessToken: |
        ${pem}
log: { level: info }
`;
    const done = edit(file, (text) => text);
    assert.deepEqual(done.problems, []);
    assert.equal(done.text, file);
    for (const secret of ['plain-key-of', 'MIIB']) assert.ok(!done.masked.includes(secret), done.masked);
    assert.match(done.masked, /accessToken: ‹secret:3:›\nlog:/);
  });
});

describe('a text that comes back', () => {
  test('has its secrets again, byte for byte, with what was edited around them', () => {
    const same = edit(FILE, (text) => text);
    assert.deepEqual([same.problems, same.text], [[], FILE]);
    const other = edit(FILE, (text) => text.replace('weight: 2', 'weight: 3').replace('Say sk-‹', 'Never say sk-‹'));
    assert.deepEqual(other.problems, []);
    assert.equal(other.text, FILE.replace('weight: 2', 'weight: 3').replace('Say', 'Never say'));
    const provider = other.config?.providers.get('a');
    assert.ok(provider && provider.type === 'openai');
    assert.deepEqual(provider.apiKeys, [KEY, { key: 'plain-key-of-a', weight: 3 }, ENV.OPENAI_API_KEY]);
  });

  test('may have a key of a list at another place of it, in quotes, or at another depth', () => {
    const moved = edit(`providers:\n  a:\n    type: openai\n    apiKeys:\n      - one: wrong\n`, (text) => text);
    assert.equal(moved.problems.length > 0, true);
    const file = `providers:\n  a: { type: openai, apiKeys: [first-key-0001, second-key-002] }\n`;
    const done = edit(file, (text) => {
      const [one, two] = text.match(/‹[^›]*›/g) ?? [];
      return `providers:\n  a:\n    type: openai\n    apiKeys:\n      - "${two}"\n      - ${one}\n`;
    });
    assert.deepEqual(done.problems, []);
    assert.match(done.text ?? '', /- second-key-002\n {6}- first-key-0001\n/);
  });

  test('keeps a secret of several lines that is put at another depth', () => {
    const file = 'providers:\n  d:\n    type: vertex\n    accessToken: |\n        one\n        two\n';
    const done = edit(file, (text) =>
      text.replace(
        '  d:\n    type: vertex\n    accessToken: ‹secret:1:›',
        '  d: { type: vertex, accessToken: ‹secret:1:› }',
      ),
    );
    assert.match(done.text ?? '', /accessToken: "one\\ntwo\\n" \}/);
  });

  for (const [what, change, says] of [
    [
      'at another field',
      (text: string) => text.replace(/baseUrl: \S+/, 'baseUrl: "http://‹secret:2:cdef›"'),
      /6:22 providers\.b\.baseUrl: the secret stood at providers\.a\.apiKeys\[0\], and cannot be used here/,
    ],
    [
      'of another provider',
      (text: string) => text.replace('  v:\n', '  v: { type: openai, apiKey: ‹secret:2:cdef› }\n  w:\n'),
      /8:30 providers\.v\.apiKey: the secret stood at/,
    ],
    [
      'that never was',
      (text: string) => text.replace('secret:2:cdef', 'secret:9:cdef'),
      /3:33 providers\.a\.apiKeys\[0\]: this placeholder stands for no secret/,
    ],
    ['with another hint', (text: string) => text.replace('secret:2:cdef', 'secret:2:abcd'), /stands for no secret/],
    [
      'with something beside it',
      (text: string) => text.replace('‹secret:2:cdef›', 'x‹secret:2:cdef›'),
      /a secret stands alone/,
    ],
    [
      'in a comment, where nobody would know it for one',
      (text: string) => text.replace('‹secret:3:of-a›', 'x').replace('models:', '# ‹secret:3:of-a›\nmodels:'),
      /a secret in a comment could be read/,
    ],
    [
      'of a comment, as a value',
      (text: string) => text.replace('‹secret:2:cdef›', '‹secret:1:cdef›'),
      /the secret stood in a comment/,
    ],
  ] as const) {
    test(`is refused with a placeholder ${what}, with its place`, () => {
      const { problems } = edit(FILE, change);
      assert.match(problems.join('\n'), says);
    });
  }
});

const secret = fc.stringMatching(/^[A-Za-z0-9]{16,24}$/).map((tail) => `zz${tail}`);
const quoted = (value: fc.Arbitrary<string>) =>
  fc.tuple(value, fc.constantFrom('"', "'", '')).map(([text, quote]) => ({ text, written: `${quote}${text}${quote}` }));
const known = secret.map((text) => `sk-${text}`);
const line = fc.oneof(
  quoted(secret).map(({ text, written }) => ({
    secrets: [text],
    lines: (n: number) => `  p${n}: { type: openai, apiKey: ${written} } # kept`,
  })),
  fc.tuple(quoted(secret), quoted(secret)).map(([a, b]) => ({
    secrets: [a.text, b.text],
    lines: (n: number) =>
      `  p${n}:\n    type: openai\n    apiKeys:\n      - ${a.written}\n      - { key: ${b.written}, weight: 3 }`,
  })),
  quoted(secret).map(({ text, written }) => ({
    secrets: [text],
    lines: (n: number) => `  p${n}: {type: openai, headers: {x-own: ${written}}}`,
  })),
  known.map((text) => ({
    secrets: [text],
    lines: (n: number) => `  # once ${text}, and then\n  p${n}: { type: openai }`,
  })),
  secret.map((text) => ({
    secrets: [text],
    lines: (n: number) => `  p${n}: { type: vertex, credentialsFile: "https://me:${text}@example.com" }`,
  })),
  fc.constant({ secrets: [], lines: (n: number) => `  p${n}: { type: openai, apiKey: "\${OPENAI_API_KEY}" }` }),
  secret.map((text) => ({
    secrets: [text],
    lines: (n: number) => `  p${n}:\n    type: vertex\n    accessToken: |-\n        ${text}\n        more\n`,
  })),
);

test('promise 12: no secret of any text is shown, and a round trip gives the same bytes', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
      const file = `providers:\n${lines.map((one, at) => one.lines(at)).join('\n')}\nlog: { level: info }\n`.replaceAll(
        '\n',
        end,
      );
      const done = edit(file, (text) => text);
      for (const text of lines.flatMap((one) => one.secrets)) assert.ok(!done.masked.includes(text), done.masked);
      assert.deepEqual(done.problems, []);
      assert.equal(done.text, file);
    }),
    { numRuns: 300 },
  );
});

test('promise 12: nor of a text that was cut anywhere', () => {
  const long = fc.stringMatching(/^[A-Za-z0-9]{20}$/).map((tail) => `sk-zz${tail}`);
  fc.assert(
    fc.property(fc.array(long, { minLength: 1, maxLength: 5 }), fc.nat(), (keys, cut) => {
      const file = `providers:\n${keys.map((key, at) => `  p${at}: { type: openai, apiKeys: [${key}, "${key}"] }`).join('\n')}\n`;
      const text = file.slice(0, cut % file.length);
      const masked = maskText(text, ENV).text;
      for (const key of keys) assert.ok(!masked.includes(key), masked);
    }),
    { numRuns: 300 },
  );
});
