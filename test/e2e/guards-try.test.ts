import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { Json, JsonObject } from '../../src/core/json.ts';
import type { PolicyView, TryView } from '../../src/pipeline/guards/try/views.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { JSON_HEADERS, type Upstream, startUpstream } from '../support/upstream.ts';

const PHONE = '13812345678';

/** causeway.yaml, which is more than JSON. */
function sections(config: JsonObject): string {
  return Object.entries(config)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join('\n');
}

let gateway: Gateway;
let judge: Upstream;

before(async () => {
  const flagged = { flagged: true, categories: { violence: true }, category_scores: { violence: 0.97 } };
  judge = await startUpstream({ headers: JSON_HEADERS, chunks: [JSON.stringify({ results: [flagged] })] });
  const words = { shipped: [], lists: { rude: { words: ['blockhead'] } } };
  gateway = await startGateway({
    config: sections({
      providers: { mod: { type: 'openai', apiKey: 'sk-upstream', baseUrl: `${judge.url}/v1` } },
      guards: {
        default: {
          pii: { input: 'redact', output: 'redact' },
          keywords: { ...words, input: 'block', output: 'block' },
          injection: { input: 'flag', canary: true },
          validation: { maxMessages: 3, forbid: { internal: { pattern: 'internal use', output: true } } },
          refusal: { en: 'Not here.' },
        },
        asking: {
          judges: { harm: { target: 'mod/omni-moderation-latest', input: 'block', output: 'flag' } },
        },
        waiting: { keywords: { ...words, input: 'review', output: 'review' } },
        polite: { keywords: words, refusal: { as: 'answer', en: 'I would rather not.' } },
        strict: { unscreened: 'refuse', pii: { input: 'flag' } },
      },
      guardedProjects: { support: 'waiting' },
      models: { chat: { target: 'sim/echo', guards: 'default' }, free: { target: 'sim/echo' } },
    }),
  });
});
after(async () => {
  await gateway.close();
  await judge.close();
});

async function tried(body: JsonObject): Promise<TryView> {
  const { status, text, json } = await gateway.admin('/guards/try', { method: 'POST', body });
  assert.equal(status, 200, text);
  return json as unknown as TryView;
}

async function refused(body: Json): Promise<string> {
  const { status, json } = await gateway.admin('/guards/try', { method: 'POST', body });
  const { error } = json as unknown as { error: { code: string; message: string } };
  assert.deepEqual([status, error.code], [400, 'request_invalid'], JSON.stringify(body));
  return error.message;
}

/** `guard place outcome` of those that did something. */
function outcomes({ verdicts }: TryView): string[] {
  return verdicts
    .filter(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped')
    .map(({ guard, place, outcome }) => `${guard} ${place} ${outcome}`);
}

describe('what is asked', () => {
  test('goes on with marks where personal data stood, and it is said where that was', async () => {
    const text = `My number is ${PHONE}.`;
    const view = await tried({ side: 'input', policy: 'default', text });
    assert.deepEqual([view.action, view.message, outcomes(view)], ['redacted', null, ['pii input redacted']]);
    assert.ok(
      view.text !== null && !view.text.includes(PHONE) && view.text.startsWith('My number is '),
      view.text ?? '',
    );
    const [found, ...others] = view.found;
    assert.deepEqual(others, []);
    assert.deepEqual(
      [found?.guard, found?.path, found?.text, found?.counts, text.slice(found?.start, found?.end)],
      ['pii', '/messages/0/content', PHONE, true, PHONE],
    );
    const verdict = view.verdicts.find(({ guard }) => guard === 'pii');
    assert.deepEqual(
      [verdict?.policy, verdict?.action, verdict?.found],
      ['default', 'redact', { [found?.category ?? '']: 1 }],
    );
    assert.match(view.policies[0]?.version ?? '', /^default@[0-9a-f]{12}$/);
  });

  test('is refused with the words of the policy', async () => {
    const view = await tried({ side: 'input', model: 'chat', text: 'You blockhead' });
    assert.deepEqual([view.action, view.message, view.text, view.body], ['blocked', 'Not here.', null, null]);
    assert.deepEqual(outcomes(view), ['keywords input blocked']);
    assert.deepEqual(
      view.verdicts.filter(({ outcome }) => outcome === 'blocked').map(({ threshold, score }) => [threshold, score]),
      [[0.5, 1]],
    );
  });

  test('is refused with an answer, or waits, or is not what it should be, as it would be', async () => {
    const polite = await tried({ side: 'input', policy: 'polite', text: 'You blockhead' });
    assert.deepEqual([polite.action, polite.message], ['blocked', 'I would rather not.']);
    const waiting = await tried({ side: 'input', project: 'support', text: 'You blockhead' });
    assert.deepEqual([waiting.action, waiting.message, waiting.text], ['review', null, null]);
    assert.deepEqual((await gateway.admin('/reviews')).json['data'], [], 'nothing waits for anybody');
    const messages = Array.from({ length: 4 }, () => ({ role: 'user', content: 'Hi' }));
    const invalid = await tried({ side: 'input', policy: 'default', body: { messages } });
    assert.deepEqual([invalid.action, outcomes(invalid)], ['blocked', ['validation input blocked']]);
    assert.match(invalid.message ?? '', /message/i);
  });

  test('is looked at by both policies that it falls under, the project first', async () => {
    const view = await tried({ side: 'input', model: 'chat', project: 'support', text: `blockhead ${PHONE}` });
    assert.deepEqual(
      view.policies.map(({ name }) => name),
      ['waiting', 'default'],
    );
    assert.equal(view.action, 'blocked');
    assert.deepEqual(
      view.verdicts.filter(({ guard }) => guard === 'keywords').map(({ policy, action }) => [policy, action]),
      [
        ['waiting', 'review'],
        ['default', 'block'],
      ],
    );
  });

  test('may be a whole request of any dialect, and comes back as it would go on', async () => {
    const body = { max_tokens: 5, system: 'Be brief.', messages: [{ role: 'user', content: `Call ${PHONE}` }] };
    const view = await tried({ side: 'input', policy: 'default', endpoint: '/v1/messages', body });
    assert.equal(view.action, 'redacted');
    const shown = JSON.stringify(view.body);
    assert.ok(!shown.includes(PHONE) && shown.includes('Be brief.'), shown);
    const again = await tried({ side: 'input', policy: 'default', endpoint: '/v1/messages', body });
    assert.notDeepEqual(again.body, view.body, 'marks and secret words are none of those that are in use');
  });

  test('that guards cannot read is said, and refused where the policy wants that', async () => {
    const content = [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }];
    const body = { messages: [{ role: 'user', content }] };
    const allowed = await tried({ side: 'input', policy: 'default', body });
    assert.deepEqual([allowed.action, allowed.unread], ['passed', ['audio']]);
    assert.equal((await tried({ side: 'input', policy: 'strict', body })).action, 'blocked');
  });
});

describe('what is answered', () => {
  test('goes out as it is, with marks, or not at all', async () => {
    const plain = await tried({ side: 'output', policy: 'default', text: 'Good morning.' });
    assert.deepEqual([plain.action, plain.text, plain.found], ['passed', 'Good morning.', []]);
    const marked = await tried({ side: 'output', policy: 'default', text: `Call ${PHONE} now.` });
    assert.deepEqual([marked.action, outcomes(marked)], ['redacted', ['pii output redacted']]);
    assert.ok(marked.text !== null && !marked.text.includes(PHONE));
    assert.deepEqual(
      marked.found.map(({ place, path, start }) => [place, path, start]),
      [['output', '', 5]],
    );
    const blocked = await tried({ side: 'output', policy: 'default', text: 'You blockhead' });
    assert.deepEqual([blocked.action, blocked.message, blocked.text], ['blocked', 'Not here.', null]);
    const forbidden = await tried({ side: 'output', policy: 'default', text: 'For internal use' });
    assert.equal(forbidden.action, 'blocked');
    const waiting = await tried({ side: 'output', policy: 'waiting', text: 'You blockhead' });
    assert.deepEqual([waiting.action, waiting.text], ['review', null]);
  });

  test('is not held against rules of requests', async () => {
    assert.deepEqual(outcomes(await tried({ side: 'output', policy: 'strict', text: 'x' })), []);
  });
});

test('judges are asked only where that is said', async () => {
  const earlier = judge.received.length;
  const unasked = await tried({ side: 'input', policy: 'asking', text: 'I will hurt you' });
  assert.deepEqual([unasked.action, unasked.judges], ['passed', { asked: false, not_asked: ['harm'] }]);
  assert.equal(judge.received.length, earlier);
  const asked = await tried({ side: 'input', policy: 'asking', text: 'I will hurt you', judges: true });
  assert.deepEqual([asked.action, asked.judges], ['blocked', { asked: true, not_asked: [] }]);
  assert.equal(judge.received.length, earlier + 1);
  const answer = await tried({ side: 'output', policy: 'asking', text: 'I will hurt you', judges: true });
  assert.deepEqual([answer.action, answer.text], ['flagged', 'I will hurt you']);
});

test('a viewer may try a text, and asks no judge', async () => {
  const { json } = await gateway.admin('/operators', { method: 'POST', body: { name: 'ann', role: 'viewer' } });
  const asked = (body: JsonObject) =>
    fetch(`${gateway.url}/admin/v1/guards/try`, {
      method: 'POST',
      headers: { ...JSON_HEADERS, authorization: `Bearer ${json['key'] as string}` },
      body: JSON.stringify({ side: 'input', policy: 'asking', text: 'Hi', ...body }),
    });
  assert.equal((await asked({})).status, 200);
  assert.equal((await asked({ judges: true })).status, 403);
});

test('nothing of it is recorded but what judges were asked', async () => {
  await tried({ side: 'input', policy: 'default', text: 'You blockhead' });
  const { json } = await gateway.admin('/traces');
  const endpoints = (json['data'] as { endpoint: string }[]).map(({ endpoint }) => endpoint);
  assert.deepEqual([...new Set(endpoints)], ['causeway/guard']);
});

test('a question that cannot be answered says what would be right', async () => {
  assert.match(await refused({ text: 'x' }), /`side`/);
  assert.match(await refused({ side: 'input' }), /`text`/);
  assert.match(await refused({ side: 'input', text: 'x', body: {} }), /either/);
  assert.match(await refused({ side: 'output', policy: 'default', body: {} }), /`text`/);
  assert.match(await refused({ side: 'input', policy: 'none', text: 'x' }), /default, asking/);
  assert.match(await refused({ side: 'input', model: 'free', text: 'x' }), /no policy/);
  assert.match(await refused({ side: 'input', policy: 'default', model: 'chat', text: 'x' }), /beside/);
  assert.match(await refused({ side: 'input', policy: 'default', text: 'x', judge: true }), /`judge`/);
  const { status } = await gateway.admin('/guards/try', {
    method: 'POST',
    body: { side: 'input', model: 'gone/x', text: 'x' },
  });
  assert.equal(status, 404);
});

test('policies in force are shown, with who uses them', async () => {
  const { json } = await gateway.admin('/guards');
  const policies = json['data'] as unknown as PolicyView[];
  assert.deepEqual(
    policies.map(({ name, models, projects }) => [name, models, projects]),
    [
      ['asking', [], []],
      ['default', ['chat'], []],
      ['polite', [], []],
      ['strict', [], []],
      ['waiting', [], ['support']],
    ],
  );
  const unsealed = policies.filter((policy) => policy.unsealed).map(({ name }) => name);
  assert.deepEqual(unsealed, ['waiting'], 'nothing can wait without CAUSEWAY_MASTER_KEY');
  const [asking, usual] = policies;
  assert.deepEqual(
    asking?.guards.map(({ name, kind, asks, threshold }) => [name, kind, asks, threshold]),
    [['harm', 'judge', 'mod/omni-moderation-latest', 0.5]],
  );
  assert.deepEqual(
    usual?.guards.map(({ name, kind }) => `${name} ${kind}`),
    ['validation check', 'pii scan', 'injection scan', 'keywords scan', 'forbid scan', 'forbid-output scan'],
  );
  assert.equal(usual?.guards[3]?.actions['input'], 'block');
});
