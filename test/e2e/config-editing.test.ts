import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, before, describe, test } from 'node:test';

import type { Json, JsonObject } from '../../src/core/json.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';

const KEY = 'sk-live-0123456789abcdef';
const FILE = `providers:
  lab: { type: openai, apiKey: ${KEY}, baseUrl: "http://127.0.0.1:9/v1" }
  box: { type: openai-compatible, preset: vllm }
server: { drainTimeout: "\${DRAIN}" }
models:
  chat: { target: sim/echo, timeouts: { total: 90s } }
  other: { target: lab/gpt-5-mini, fallback: [sim/echo], guards: default }
flags: { beta: { model: chat, users: [u], set: { target: sim/small } } }
guards: { default: { injection: { } } }
`;

interface Change {
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
  readonly restart: boolean;
}

interface ProblemView {
  readonly path: string;
  readonly line: number;
  readonly suggestion: string | null;
}

interface Shown {
  readonly text: string;
  readonly version: string;
  readonly effective: readonly (JsonObject & { readonly path: string })[];
  readonly restart_pending: readonly string[];
  readonly problems: readonly ProblemView[];
}

interface Checked {
  readonly valid: boolean;
  readonly problems: readonly ProblemView[];
  readonly changes: readonly Change[];
}

interface Saved {
  readonly version: string;
  readonly how: string;
  readonly backup: string;
  readonly in_force: readonly string[];
  readonly restart_pending: readonly string[];
  readonly error?: {
    readonly message: string;
    readonly code: string;
    readonly param: string;
    readonly problems: readonly ProblemView[];
  };
}

describe('the configuration through the admin API', () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await startGateway({ config: FILE, env: { DRAIN: '7s', OPENAI_API_KEY: 'of-the-environment-1234' } });
  });
  after(() => gateway.close());

  const shown = async (): Promise<Shown> => {
    const { status, json } = await gateway.admin('/config');
    assert.equal(status, 200);
    return json as unknown as Shown;
  };
  const save = async (text: string, version: string | null): Promise<Saved & { readonly status: number }> => {
    const { status, json } = await gateway.admin('/config', { method: 'PUT', body: { text, version } });
    return { ...(json as unknown as Saved), status };
  };
  const check = async (text: string): Promise<Checked> => {
    const { json } = await gateway.admin('/config/validate', { method: 'POST', body: { text } });
    return json as unknown as Checked;
  };

  test('shows the file without its secrets, and where each value came from', async () => {
    const { json } = await gateway.admin('/config');
    const now = json as unknown as Shown;
    assert.equal(json['path'], gateway.configPath);
    assert.deepEqual([json['exists'], json['writable'], json['locked'], json['problems']], [true, true, null, []]);
    assert.equal(now.text, readFileSync(gateway.configPath, 'utf8').replace(KEY, '‹secret:1:cdef›'));
    const of = (path: string) => {
      const found = now.effective.find((one) => one.path === path);
      return ['value', 'origin', 'line', 'restart', 'secret'].map((name) => found?.[name]);
    };
    assert.deepEqual(of('providers.lab.apiKey'), ['••••cdef', 'file', 5, false, true]);
    assert.deepEqual(of('providers.openai.apiKeys[0]'), ['••••1234', 'env:OPENAI_API_KEY', null, false, true]);
    assert.deepEqual(of('server.port'), ['0', 'env:PORT', null, true, false]);
    assert.deepEqual(of('server.drainTimeout'), ['7s', 'file', 7, false, false]);
    assert.deepEqual(of('server.holdHeaders'), ['10s', 'default', null, false, false]);
    assert.deepEqual(of('models.chat.timeouts.total'), ['90s', 'file', 9, false, false]);
    assert.deepEqual(of('providers.box.baseUrl'), ['http://127.0.0.1:8000/v1', 'preset', null, false, false]);
    assert.doesNotMatch(JSON.stringify(json), new RegExp(`${KEY}|of-the-environment`));
  });

  test('shows what was made through the admin API beside the file', async () => {
    const made = await gateway.admin('/flags/extra', {
      method: 'PUT',
      body: { model: 'chat', users: ['v'], set: { target: 'sim/small' } },
    });
    assert.ok(made.status < 300, JSON.stringify(made.json));
    const { effective } = await shown();
    const flag = effective.find(({ path }) => path === 'flags.extra');
    assert.deepEqual([flag?.['origin'], /sim\/small/.test(JSON.stringify(flag?.['value']))], ['admin', true]);
  });

  test('says of a text what is wrong, and where, or what it would change', async () => {
    const { text } = await shown();
    const wrong = await check(text.replace('timeouts: { total: 90s }', 'timeout: 1'));
    assert.deepEqual(wrong, {
      valid: false,
      problems: [
        {
          path: 'models.chat.timeout',
          line: 9,
          column: 29,
          message: 'unknown key; did you mean "timeouts"?',
          suggestion: 'timeouts',
          source: 'file',
        },
      ],
      changes: [],
    });
    const good = await check(
      `${text.replace('90s', '80s').replace('‹secret:1:cdef›', 'sk-live-00000000000000cdef')}console: { enabled: false }\n`,
    );
    assert.deepEqual([good.valid, good.problems], [true, []]);
    assert.deepEqual(
      good.changes.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      [
        { path: 'console.enabled', before: true, after: false, restart: true },
        { path: 'models.chat.timeouts.total', before: '90s', after: '80s', restart: false },
        { path: 'providers.lab.apiKey', before: '••••cdef', after: '••••cdef', restart: false },
      ],
    );
    assert.deepEqual((await check(text)).changes, []);
  });

  test('refuses to save mistakes, with their places, and leaves the file', async () => {
    const { text, version } = await shown();
    const { status, error } = await save(text.replace('target: sim/echo', 'target: simm/echo'), version);
    assert.deepEqual([status, error?.code, error?.param], [400, 'request_invalid', 'text']);
    assert.match(error?.message ?? '', /^Nothing was saved\. Line 9, column 19: models\.chat\.target/);
    const [problem] = error?.problems ?? [];
    assert.deepEqual([problem?.path, problem?.line, problem?.suggestion], ['models.chat.target', 9, 'sim']);
    assert.equal((await shown()).version, version);
  });

  test('saves, keeps the file before, and the next request is under the new one', async () => {
    const { text, version } = await shown();
    const former = readFileSync(gateway.configPath, 'utf8');
    const edited = text.replace('chat: {', 'new-chat: { target: sim/echo }\n  chat: {');
    const saved = await save(`${edited}console: { enabled: false }\n`, version);
    assert.deepEqual([saved.status, saved.how, saved.restart_pending], [200, 'replaced', ['console.enabled']]);
    assert.ok(saved.in_force.includes('models.new-chat.target'));
    assert.ok(!saved.in_force.includes('console.enabled'));
    assert.equal(readFileSync(saved.backup, 'utf8'), former);
    assert.ok(readFileSync(gateway.configPath, 'utf8').includes(KEY), 'the secret is in the file as before');
    assert.deepEqual(readdirSync(dirname(gateway.configPath)).toSorted(), [
      'causeway.yaml',
      'causeway.yaml.bak',
      'data',
    ]);
    const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'new-chat', messages: [{ role: 'user', content: 'hi' }] }),
    });
    assert.equal(answer.status, 200);
    const later = await shown();
    assert.deepEqual([later.version, later.restart_pending], [saved.version, ['console.enabled']]);
    const back = await save(later.text.replace('console: { enabled: false }\n', ''), later.version);
    assert.deepEqual([back.status, back.restart_pending], [200, []]);
  });

  test('refuses to save over what somebody else changed', async () => {
    const { text, version } = await shown();
    const others = `${readFileSync(gateway.configPath, 'utf8')}# by hand\n`;
    writeFileSync(gateway.configPath, others);
    const { status, error } = await save(`${text}# here\n`, version);
    assert.deepEqual([status, error?.code, error?.param], [409, 'conflict', 'version']);
    assert.equal(readFileSync(gateway.configPath, 'utf8'), others);
    const now = await shown();
    const both = await Promise.all([1, 2].map((at) => save(`${now.text}# ${at}\n`, now.version)));
    assert.deepEqual(new Set(both.map((one) => one.status)), new Set([200, 409]), 'of two at the same time one');
  });

  test('shows why a file that was changed by hand is not in force', async () => {
    const good = readFileSync(gateway.configPath, 'utf8');
    writeFileSync(gateway.configPath, good.replace('90s', '90'));
    gateway.reload();
    const { problems, effective, text } = await shown();
    assert.deepEqual([problems[0]?.path, problems[0]?.line], ['models.chat.timeouts.total', 10]);
    assert.equal(effective.find(({ path }) => path === 'models.chat.timeouts.total')?.['value'], '90s');
    assert.match(text, /total: 90 /);
    assert.ok(!text.includes(KEY));
    writeFileSync(gateway.configPath, good);
    gateway.reload();
    assert.deepEqual((await shown()).problems, []);
  });
});
