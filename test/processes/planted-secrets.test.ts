import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import { openDatabase } from '../../src/storage/database/database.ts';
import { BEHAVIOURS, startEchoingUpstream } from '../support/echoing-upstream.ts';
import { type GatewayProcess, startProcess } from '../support/gateway-process.ts';
import { adminOf } from '../support/admin-api.ts';
import { OtlpReceiver } from '../support/otlp-receiver.ts';
import { copyPreparedDatabase } from '../support/prepared-database.ts';

/** By what they are; none of them may be found anywhere afterwards. */
const PLANTED = {
  'a provider key': 'sk-proj-PlantedKey0123456789abcdef',
  'a key of this gateway': 'cw-PlantedGatewayKey0123456789abcdefghijklmnop',
  'a bearer token': 'PlantedBearer0123456789',
  'a password': 'hunter2-Planted',
  'an e-mail address': 'planted.person@example.com',
  'a card number': '5555 5555 5555 4444',
  'a card number without spaces': '4111111111111111',
  'a session cookie': 'PlantedSession0123456789',
  "the operator's provider key": 'sk-PlantedOperator0123456789',
  'a stored provider key': 'sk-PlantedStored0123456789',
} as const;

const TEXT =
  `Log in with password: ${PLANTED['a password']} and ${PLANTED['a provider key']} or ` +
  `${PLANTED['a key of this gateway']}, send Bearer ${PLANTED['a bearer token']}. My password is ` +
  `${PLANTED['a password']}, write to ${PLANTED['an e-mail address']}, card ${PLANTED['a card number']}.`;
const ARGS = {
  password: PLANTED['a password'],
  api_key: PLANTED['a provider key'],
  to: PLANTED['an e-mail address'],
  card: PLANTED['a card number without spaces'],
  amount: Number(PLANTED['a card number without spaces']),
};
const ARGS_TEXT = JSON.stringify(ARGS);

const ADMIN_KEY = 'admin-key-of-the-tests-0123456789';
const HEADERS = {
  'content-type': 'application/json',
  'x-api-key': PLANTED['a provider key'],
  'x-note': TEXT,
  'x-causeway-metadata': JSON.stringify({ note: TEXT, ...ARGS }),
  cookie: `session=${PLANTED['a session cookie']}`,
};

interface Ask {
  readonly path: string;
  readonly body: object | string;
}

const TURNS = [
  { role: 'user', content: TEXT },
  { role: 'assistant', tool_calls: [{ id: 'c0', type: 'function', function: { name: 'send', arguments: ARGS_TEXT } }] },
  { role: 'tool', tool_call_id: 'c0', content: TEXT },
];

/** The same in the four dialects: in the prompt, in a tool's arguments and in its result. */
const DIALECTS: Readonly<Record<string, (model: string, stream: boolean) => Ask>> = {
  openai: (model, stream) => ({
    path: '/v1/chat/completions',
    body: { model: `gpt/${model}`, stream, messages: TURNS },
  }),
  responses: (model, stream) => ({
    path: '/v1/responses',
    body: {
      model: `gpt/${model}`,
      stream,
      input: [
        { role: 'user', content: TEXT },
        { type: 'function_call', call_id: 'c0', name: 'send', arguments: ARGS_TEXT },
        { type: 'function_call_output', call_id: 'c0', output: TEXT },
      ],
    },
  }),
  anthropic: (model, stream) => ({
    path: '/v1/messages',
    body: {
      model: `claude/${model}`,
      stream,
      max_tokens: 100,
      messages: [
        { role: 'user', content: TEXT },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c0', name: 'send', input: ARGS }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c0', content: TEXT }] },
      ],
    },
  }),
  gemini: (model, stream) => ({
    path: `/v1beta/models/gemini/${model}:${stream ? 'streamGenerateContent?alt=sse&' : 'generateContent?'}note=${PLANTED['an e-mail address']}`,
    body: {
      contents: [
        { role: 'user', parts: [{ text: TEXT }] },
        { role: 'model', parts: [{ functionCall: { name: 'send', args: ARGS } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'send', response: { result: TEXT } } }] },
      ],
    },
  }),
  // What is translated leaves other traces than what is relayed.
  'openai to anthropic': (model, stream) => ({
    path: '/v1/chat/completions',
    body: { model: `claude/${model}`, stream, messages: TURNS },
  }),
};

/** What is wrong before any model is asked. */
const REFUSED: readonly Ask[] = [
  { path: '/v1/chat/completions', body: { model: PLANTED['an e-mail address'], messages: [] } },
  { path: '/v1/chat/completions', body: { model: PLANTED['a provider key'], messages: [] } },
  { path: '/v1/chat/completions', body: `{"model": "gpt/answers", "messages": [{"content": "${TEXT}` },
  { path: `/v1/${PLANTED['an e-mail address']}/${PLANTED['a provider key']}`, body: {} },
  { path: `/v1/chat/completions?key=${PLANTED['a key of this gateway']}`, body: { model: 'gpt/none' } },
];

test('promise 12: what was planted is in no log, metric, export, answer of the admin API or column', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-planted-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const upstream = await startEchoingUpstream({ text: TEXT, args: ARGS });
  t.after(() => upstream.close());
  const collector = await OtlpReceiver.start();
  t.after(() => collector.close());
  const gateway = await start(t, folder, { upstream: upstream.url, collector: collector.endpoint });
  const admin = adminOf(gateway.url, ADMIN_KEY);
  const made = await admin('/keys', { method: 'POST', body: { project: 'support' } });
  const key = made.json['key'] as string;
  const stored = { provider: 'gpt', key: PLANTED['a stored provider key'] };
  assert.equal((await admin('/provider-keys', { method: 'POST', body: stored })).status, 201);

  const asked = await askAll(gateway.url, key);
  const outcomes = new Set(asked.statuses);
  assert.deepEqual(outcomes, new Set([200, 400, 401, 404, 500, 502]), String(asked.statuses));
  const sent = upstream.received.map(({ body }) => body).join('\n');
  assert.ok(sent.includes(PLANTED['a card number']), 'providers get what the client sent');

  const places = { 'the admin API': await adminAnswers(gateway.url, asked.traceIds) };
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  gateway.child.kill('SIGTERM');
  await gateway.exited;
  const everywhere: Readonly<Record<string, string>> = {
    ...places,
    metrics,
    'the log': gateway.printed(),
    'the database': await databaseText(join(folder, 'data')),
    'the collector': collector.everything,
  };
  // Each place must be one in which something could have been found.
  assert.match(everywhere['the admin API'] ?? '', /\[email\].*\[card\]/s);
  assert.match(everywhere['the log'] ?? '', /"level":/);
  assert.match(everywhere['the database'] ?? '', /\[email\].*\[card\]/s);
  assert.match(everywhere['the collector'] ?? '', /\[email\].*\[card\]/s);
  assert.match(metrics, /causeway_feedback_total\{thumb="down"\} 1/);
  for (const [place, text] of Object.entries(everywhere)) {
    for (const [what, secret] of Object.entries({ ...PLANTED, "the client's key": key })) {
      const at = text.indexOf(secret);
      assert.ok(at < 0, `${what} in ${place}: ${text.slice(Math.max(0, at - 300), at + 100)}`);
    }
  }
});

async function start(
  t: TestContext,
  folder: string,
  { upstream, collector }: { readonly upstream: string; readonly collector: string },
): Promise<GatewayProcess> {
  copyPreparedDatabase(join(folder, 'data'));
  const apiKey = PLANTED["the operator's provider key"];
  writeFileSync(
    join(folder, 'causeway.yaml'),
    `
log: { level: trace }
limits: []
records: { bodies: redacted }
telemetry: { otlp: { endpoint: "${collector}", content: redacted, metricsInterval: 1s } }
defaults: { retries: { max: 1, baseDelay: 1ms }, pacing: { learn: false }, breaker: { failures: 1000000, minimumCalls: 1000000 } }
providers:
  gpt: { type: openai, apiKey: ${apiKey}, baseUrl: "${upstream}/v1" }
  claude: { type: anthropic, apiKey: ${apiKey}, baseUrl: "${upstream}" }
  gemini: { type: gemini, apiKey: ${apiKey}, baseUrl: "${upstream}" }
`,
  );
  return startProcess(t, folder, {
    CAUSEWAY_ADMIN_KEY: ADMIN_KEY,
    CAUSEWAY_MASTER_KEY: 'master-key-of-the-tests-0123456789abcdef',
  });
}

/** Every dialect, streamed and not, with answers, refusals, failures and broken streams; then what is refused here. */
async function askAll(url: string, key: string): Promise<{ statuses: number[]; traceIds: string[] }> {
  const statuses: number[] = [];
  const traceIds: string[] = [];
  const send = async ({ path, body }: Ask, bearer = key): Promise<void> => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { ...HEADERS, authorization: `Bearer ${bearer}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    await response.text();
    statuses.push(response.status);
    traceIds.push(response.headers.get('x-causeway-request-id') ?? '');
  };
  for (const ask of Object.values(DIALECTS)) {
    for (const behaviour of BEHAVIOURS) for (const stream of [false, true]) await send(ask(behaviour, stream));
  }
  for (const ask of REFUSED) await send(ask);
  await send({ path: '/v1/chat/completions', body: { model: 'gpt/answers' } }, PLANTED['a key of this gateway']);
  const feedback = { trace_id: traceIds[0], thumb: 'down', comment: TEXT, tags: [PLANTED['an e-mail address']] };
  await send({ path: '/v1/feedback', body: feedback });
  assert.equal(statuses.at(-1), 201);
  return { statuses: statuses.slice(0, -1), traceIds: traceIds.slice(0, -1) };
}

async function adminAnswers(url: string, traceIds: readonly string[]): Promise<string> {
  const lists = [
    'traces?limit=500',
    'traces/export?bodies=true',
    'conversations',
    'usage?by=model',
    'events',
    'feedback',
  ];
  const facts = ['keys', 'provider-keys', 'targets', 'blocks', 'alerts', 'objectives'];
  const ids = traceIds.filter((id) => id !== '').map((id) => `traces/${id}`);
  let all = '';
  for (const path of [...lists, ...facts, ...ids]) {
    const response = await fetch(`${url}/admin/v1/${path}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    all += `${path} ${response.status} ${await response.text()}\n`;
  }
  return all;
}

/** Every column of every row of every table. */
async function databaseText(dataDir: string): Promise<string> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const database = await openDatabase({ dataDir, url: undefined, log: silent });
  try {
    const { rows } = await database.pool.query<{ name: string }>(
      `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    let all = '';
    for (const { name } of rows) {
      const { rows: found } = await database.pool.query<{ row: string }>(
        `select to_jsonb(t)::text as row from ${name} t`,
      );
      all += found.map(({ row }) => `${name} ${row}\n`).join('');
    }
    return all;
  } finally {
    await database.close();
  }
}
