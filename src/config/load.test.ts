import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { LoadedConfig } from './config.ts';
import { parseConfig } from './load.ts';
import { ConfigError } from './problems.ts';

type Env = Record<string, string>;

const EMPTY = 'flags experiments canaries shadows organisations guards guardedProjects guardServices'.split(' ');
const NO_FALLBACK = { fallback: [], contextLengthFallback: [], contentPolicyFallback: [], continue: false };

function parse(text: string | undefined, env: Env = {}): LoadedConfig {
  return parseConfig(text, { path: 'causeway.yaml', env });
}

/** `line:column key: message` of everything that is wrong. */
function problemsOf(text: string, env: Env = {}): string[] {
  try {
    parse(text, env);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems.map(({ line, column, key, message }) => `${line}:${column} ${key}: ${message}`);
  }
  return [];
}

describe('a configuration without a file', () => {
  it('is all defaults, and the simulator', () => {
    const { config, file, origins } = parse(undefined);
    assert.deepEqual(config, {
      server: {
        port: 8080,
        host: '127.0.0.1',
        bodyLimit: 10 * 1024 * 1024,
        uploadLimit: 512 * 1024 * 1024,
        trustedProxies: 0,
        drainTimeout: 30_000,
        holdHeaders: 10_000,
        shedding: { enabled: true, eventLoopDelay: 200, memory: 0.9 },
      },
      console: { enabled: true, sessionTtl: 43_200_000, auditRetention: 34_560_000_000 },
      providers: new Map([['sim', { type: 'simulator', models: new Map() }]]),
      models: new Map(),
      ...Object.fromEntries(EMPTY.map((name) => [name, new Map()])),
      defaults: {},
      cache: { maxSize: 128 * 1024 * 1024, redis: { enabled: true, maxSize: 512 * 1024 * 1024 } },
      budgets: [],
      counters: { whenAway: 'local', hardBudgetsWhenAway: 'closed', lease: 15_000 },
      vigilance: {
        enabled: true,
        exceptAddresses: [],
        refusals: { enabled: true, count: 50, within: 60_000 },
        keysPerAddress: { enabled: true, count: 10, within: 600_000 },
        guessedKeys: { enabled: true, count: 20, within: 600_000 },
        sameRequest: { enabled: true, count: 1000, within: 3_600_000 },
        guardHits: { enabled: true, count: 20, within: 600_000 },
        spend: { enabled: true, factor: 10, minimumUsd: 1, history: 86_400_000 },
      },
      prices: new Map(),
      capabilities: new Map(),
      embeddings: { window: 10, parallel: 16 },
      responses: { store: true, ttl: 2_592_000_000 },
      records: {
        bodies: 'redacted',
        sample: 1,
        maxBodySize: 256 * 1024,
        search: true,
        retention: 30 * 86_400_000,
        projects: new Map(),
        journal: { maxSize: 1024 ** 3 },
      },
      alerts: { source: 'Causeway', channels: new Map() },
      telemetry: {
        otlp: {
          headers: new Map(),
          traces: true,
          metrics: true,
          content: 'none',
          resource: new Map(),
          sample: 1,
          clientSampling: true,
          metricsInterval: 30_000,
        },
        stageTimes: 128,
      },
      log: { level: 'info' },
    });
    assert.equal(file, undefined);
    assert.equal(origins.get('server.port'), 'default');
    assert.equal(origins.get('providers.sim'), 'default');
  });

  for (const text of ['', '# nothing\n', 'server:\nproviders:\nmodels:\nlog: ~\n']) {
    it(`is what ${JSON.stringify(text)} means too`, () => {
      assert.deepEqual(parse(text).config, parse(undefined).config);
    });
  }

  it('takes providers from the environment under their usual names', () => {
    const { config, origins } = parse(undefined, {
      OPENAI_API_KEY: 'sk-1',
      OPENAI_BASE_URL: 'http://127.0.0.1:1/v1/',
      ANTHROPIC_API_KEY: 'sk-2',
    });
    assert.deepEqual([...config.providers.keys()], ['openai', 'anthropic', 'sim']);
    const openai = config.providers.get('openai');
    assert.ok(openai?.type === 'openai');
    assert.deepEqual([openai.apiKeys, openai.baseUrl], [['sk-1'], 'http://127.0.0.1:1/v1']);
    assert.equal(origins.get('providers.openai'), 'environment');
  });

  it('leaves out a provider whose key is set to nothing', () => {
    assert.deepEqual([...parse(undefined, { OPENAI_API_KEY: '' }).config.providers.keys()], ['sim']);
  });
});

describe('a configuration file', () => {
  it('resolves units, targets, keys and headers', () => {
    const { config, origins, file } = parse(
      `
server: { bodyLimit: 1.5MB, drainTimeout: 2m }
providers:
  a: { type: openai, apiKey: "\${KEY}", headers: { X-Team: blue } }
  b: { type: openai-compatible, baseUrl: "http://h:1/v1/", models: [m] }
  c: { type: anthropic, apiKeys: [k1, k2], passThroughCredentials: true }
  d: { type: simulator, ttft: 50ms, models: { m: { errorRate: 0.5 } } }
models:
  chat: { target: b/org/m, timeouts: { idle: 1s } }
prices: { b/org/m: { input: 0.05, output: 1 } }
`,
      { KEY: 'sk-1' },
    );
    assert.equal(file, 'causeway.yaml');
    assert.equal(config.server.bodyLimit, 1.5 * 1024 * 1024);
    assert.equal(config.server.drainTimeout, 120_000);
    const plain = {
      apiKeys: [],
      headers: {},
      passThroughCredentials: false,
      models: [],
      sharedResources: [],
      baseUrl: undefined,
    };
    assert.deepEqual(
      config.providers,
      new Map<string, unknown>([
        ['a', { ...plain, type: 'openai', apiKeys: ['sk-1'], headers: { 'x-team': 'blue' } }],
        ['b', { ...plain, type: 'openai-compatible', baseUrl: 'http://h:1/v1', models: ['m'] }],
        ['c', { ...plain, type: 'anthropic', apiKeys: ['k1', 'k2'], passThroughCredentials: true }],
        ['d', { type: 'simulator', ttft: 50, models: new Map([['m', { errorRate: 0.5 }]]) }],
        ['sim', { type: 'simulator', models: new Map() }],
      ]),
    );
    const target = { provider: 'b', model: 'org/m' };
    assert.deepEqual(config.models, new Map([['chat', { target, timeouts: { idle: 1000 }, ...NO_FALLBACK }]]));
    assert.deepEqual(config.prices, new Map([['b/org/m', { input: 0.05, output: 1 }]]));
    assert.equal(origins.get('providers.a'), 'file');
    assert.equal(origins.get('server.bodyLimit'), 'file');
    assert.equal(origins.get('server.host'), 'default');
  });

  it('reads a variable as the type that is wanted', () => {
    const text = [
      'server: { port: "${P}" }',
      'providers: { a: { type: openai, passThroughCredentials: "${YES}", models: ["${P}"] } }',
      'records: { maxBodySize: "${N:-1}KB" }',
    ];
    const { config } = parse(text.join('\n'), { P: '123', YES: 'true' });
    assert.equal(config.server.port, 123);
    assert.equal(config.records.maxBodySize, 1024);
    const a = config.providers.get('a');
    assert.ok(a?.type === 'openai');
    assert.deepEqual([a.passThroughCredentials, a.models], [true, ['123']]);
  });

  it('follows anchors', () => {
    const { config } = parse('models:\n  a: &one { target: sim/echo }\n  b: *one\n');
    assert.deepEqual(config.models.get('b'), config.models.get('a'));
  });

  it('keeps names that every object has apart from its properties', () => {
    const { config } = parse('models: { __proto__: { target: sim/echo }, constructor: { target: sim/echo } }');
    assert.deepEqual([...config.models.keys()], ['__proto__', 'constructor']);
  });

  it('replaces a provider of the environment, and the simulator', () => {
    const text = 'providers: { openai: { type: openai, apiKey: mine }, sim: { type: simulator, ttft: 1s } }';
    const { config, origins } = parse(text, { OPENAI_API_KEY: 'usual', OPENAI_BASE_URL: 'http://usual' });
    const openai = config.providers.get('openai');
    assert.ok(openai?.type === 'openai');
    assert.deepEqual([openai.apiKeys, openai.baseUrl], [['mine'], undefined]);
    assert.deepEqual(config.providers.get('sim'), { type: 'simulator', ttft: 1000, models: new Map() });
    assert.equal(origins.get('providers.sim'), 'file');
  });

  it('promise 12: the usual key goes to no address that the file gives, only to its own', () => {
    const env = { OPENAI_API_KEY: 'usual', OPENAI_BASE_URL: 'http://usual' };
    const access = (provider: string): unknown => {
      const openai = parse(`providers: { openai: ${provider} }`, env).config.providers.get('openai');
      return openai?.type === 'simulator' ? undefined : [openai?.apiKeys, openai?.baseUrl];
    };
    assert.deepEqual(access('{ type: openai, models: [m] }'), [['usual'], 'http://usual']);
    assert.deepEqual(access('{ type: openai, baseUrl: "http://other" }'), [[], 'http://other']);
    assert.deepEqual(access('{ type: openai-compatible, baseUrl: "http://other" }'), [[], 'http://other']);
    assert.deepEqual(access('{ type: anthropic }'), [[], undefined]);
  });
});

describe('mistakes in a configuration', () => {
  const cases: readonly (readonly [what: string, text: string, problems: readonly string[]])[] = [
    [
      'a wrong unit',
      'server:\n  bodyLimit: 10 megabytes',
      [
        '2:14 server.bodyLimit: "10 megabytes" is not a size; write a number above 0 with a unit (B, KB, MB, GB), e.g. 10MB',
      ],
    ],
    [
      'a number without a unit',
      'server: { drainTimeout: 30 }',
      [
        '1:25 server.drainTimeout: 30 is not a duration; write a number with a unit (ms, s, m, h, d), at most 24d, e.g. 10s',
      ],
    ],
    [
      'a timer that would fire at once',
      'server: { drainTimeout: 25d }',
      [
        '1:25 server.drainTimeout: "25d" is not a duration; write a number with a unit (ms, s, m, h, d), at most 24d, e.g. 10s',
      ],
    ],
    [
      'a number out of bounds',
      'server: { port: 65536 }',
      ['1:17 server.port: 65536 is not a whole number from 0 to 65535; write one, e.g. 8080'],
    ],
    [
      'a number in quotes',
      'server: { port: "80" }',
      ['1:17 server.port: "80" is not a whole number from 0 to 65535; write one, e.g. 8080'],
    ],
    [
      'a wrong word',
      'records: { bodies: ful }',
      ['1:20 records.bodies: "ful" is not one of: full, redacted, hashed, none; did you mean "full"?'],
    ],
    [
      'an unknown key',
      'models:\n  chat:\n    target: sim/echo\n    timeout: {}',
      ['4:5 models.chat.timeout: unknown key; did you mean "timeouts"?'],
    ],
    [
      'an unknown section',
      'guardrails: []',
      [
        '1:1 guardrails: unknown key; the keys here are: server, console, providers, models, defaults, cache, guards, guardedProjects, guardServices, flags, experiments, canaries, shadows, limits, budgets, organisations, counters, vigilance, prices, capabilities, embeddings, responses, records, alerts, telemetry, log',
      ],
    ],
    [
      'a key without a value',
      'log:\n  level:\n',
      ['2:9 log.level: no value; write one of: fatal, error, warn, info, debug, trace, silent, or remove the key'],
    ],
    [
      'a missing key',
      'models:\n  chat: {}',
      [
        '2:9 models.chat: one of these keys has to be there: target (write provider/model, e.g. openai/gpt-5-mini), or route (write a section)',
      ],
    ],
    [
      'a provider without a type',
      'providers:\n  a: { apiKey: k }',
      [
        '2:6 providers.a.type: missing; write one of: openai, openai-compatible, anthropic, gemini, vertex, azure-openai, bedrock, cohere, voyage, jina, tei, simulator',
      ],
    ],
    ['a section that is a word', 'server: 8080', ['1:9 server: not a section; write "key: value" lines below it']],
    ['a file that is a list', '- a', ['1:1 : not a section; write "key: value" lines below it']],
    [
      'a provider name with a slash',
      'providers:\n  a/b: { type: openai }',
      ['2:3 providers.a/b: not a name for here; write provider names without "/" or spaces, e.g. openai'],
    ],
    [
      'one key and several',
      'providers: { a: { type: openai, apiKey: k, apiKeys: [k] } }',
      ['1:53 providers.a.apiKeys: stands beside apiKey; write all keys here and remove apiKey'],
    ],
    [
      'no keys',
      'providers: { a: { type: openai, apiKeys: [] } }',
      ['1:42 providers.a.apiKeys: an empty list; add to it or remove the key'],
    ],
    [
      'a header of our own',
      'providers: { a: { type: openai, headers: { Content-Length: "1" } } }',
      ['1:60 providers.a.headers.Content-Length: a header that the gateway sets itself; remove it'],
    ],
    [
      'a key that stands twice',
      'log: { level: info }\nserver: {}\nlog: {}',
      ['3:1 : "log" stands twice in the same section; keep one'],
    ],
    [
      'an unquoted variable in braces',
      'providers: { a: { type: openai, apiKey: ${KEY} } }',
      ['1:42 : not valid YAML: Unexpected flow-map-start at node end; inside { } and [ ] write "${NAME}" in quotes'],
    ],
    [
      'broken syntax, and nothing of what would follow from it',
      'server: { port: 80, host }\nlog: "info\n',
      ['3:1 : not valid YAML: Missing closing "quote'],
    ],
    [
      'an alias of nothing',
      'models: { a: *b }',
      ['1:14 models.a: no anchor of this name stands before it; write &name there'],
    ],
    [
      'a target of no provider',
      'models: { "gpt-5.1": { target: opnai/gpt-5.1 } }\nproviders: { openai: { type: openai } }',
      ['1:32 models["gpt-5.1"].target: there is no provider "opnai"; did you mean "openai"?'],
    ],
    [
      'an embedder of no provider',
      'defaults: { cache: { semantic: { embedder: sim2/e } } }',
      ['1:44 defaults.cache.semantic.embedder: there is no provider "sim2"; did you mean "sim"?'],
    ],
    [
      'a target of a provider whose key is not set',
      'models: { a: { target: anthropic/c } }',
      [
        '1:24 models.a.target: there is no provider "anthropic"; set ANTHROPIC_API_KEY, or add it under providers; the providers are: sim',
      ],
    ],
    [
      'a project in two organisations',
      'organisations:\n  acme: { projects: [support] }\n  other: { projects: [sales, support] }',
      [
        '3:30 organisations.other.projects[1]: the project "support" stands in the organisation "acme" already; a project belongs to one',
      ],
    ],
    [
      'a variable that is not set',
      'server: { host: "${WHERE}" }',
      [
        '1:17 server.host: the environment variable WHERE is not set; set it, or give a default as in ${WHERE:-default}',
      ],
    ],
    [
      'a provider whose only key is not set',
      'providers:\n  openai:\n    type: openai\n    apiKey: ${OPENAI_API_KEY}',
      [
        '4:13 providers.openai.apiKey: the environment variable OPENAI_API_KEY is not set, so there is no credential to send; set it or remove this line',
      ],
    ],
  ];
  for (const [what, text, problems] of cases) {
    it(`names the place and what would be right: ${what}`, () => assert.deepEqual(problemsOf(text), problems));
  }

  it('are said all at once, in the order of the file', () => {
    const places = problemsOf('log: { level: x }\nmodels: { a: { target: b } }\nserver: { port: no, hst: a }').map(
      (problem) => problem.split(': ')[0],
    );
    assert.deepEqual(places, ['1:15 log.level', '2:24 models.a.target', '3:17 server.port', '3:21 server.hst']);
  });

  it('include those of the environment', () => {
    assert.throws(() => parse('', { PORT: 'http', OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'api.openai.com' }), {
      name: 'ConfigError',
      message: [
        'environment: PORT: "http" is not a whole number from 0 to 65535; write one, e.g. 8080',
        'environment: OPENAI_BASE_URL: is not a base URL; write an http(s) address without user, query or fragment, e.g. http://127.0.0.1:8000/v1',
      ].join('\n'),
    });
  });

  it('promise 12: no message quotes a secret', () => {
    const text = `
providers:
  a: { type: openai, apiKey: [hunter2], baseUrl: "https://user:hunter2@host" }
  b: { type: openai, apiKeys: hunter2, headers: { x: "hunter2\\n" } }
  d: { type: openai, apiKeys: [{ key: [hunter2] }, [hunter2]] }
  c: { type: openai, apiKey: "\${hunter2-}", models: "\${SECRET}" }
server: { bodyLimit: "\${SECRET}", port: "\${SECRET}" }
log: { level: "\${SECRET}" }
records: { bodies: "\${SECRET}" }
`;
    const problems = problemsOf(text, { SECRET: 'hunter2' });
    assert.ok(problems.length === 12 && !problems.join('\n').includes('hunter2'), problems.join('\n'));
  });
});
