import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import type { JsonObject } from '../../src/core/json.ts';
import type { TargetView } from '../../src/pipeline/resilience/target-view.ts';
import { claudeSays, gptSays } from '../support/provider-answers.ts';
import { type SdkGateway, startSdkGateway } from '../support/sdk-gateway.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { JSON_HEADERS, SSE_HEADERS, type UpstreamAnswer } from '../support/upstream.ts';
import { OPENAI_HELLO, OPENAI_ROLE } from '../support/wire-texts.ts';

/** Each test has targets of its own, since what is known of one stays. */
const CONFIG = `
defaults: { retries: { max: 0 } }
models:
  patient: { target: gpt/patient, fallback: [claude/stand-in], breaker: { failures: 1000, minimumCalls: 1000 } }
  begun: { target: gpt/begun, fallback: [claude/stand-in] }
  breaking: { target: gpt/breaking, fallback: [claude/stand-in], breaker: { failures: 2 } }
  alone: { target: gpt/alone, breaker: { failures: 1, openFor: 20s } }
  all-open: { target: gpt/one, fallback: [claude/two], breaker: { failures: 1, openFor: 20s } }
  strict: { target: gpt/strict, fallback: [claude/stand-in], retries: { max: 3 }, breaker: { failures: 2 } }
  limited: { target: gpt/limited, fallback: [claude/stand-in] }
  over: { target: gpt/over, fallback: [claude/stand-in] }
  again: { target: gpt/again, retries: { max: 2, baseDelay: 1ms } }
  long:
    target: gpt/long
    fallback: [gpt/never]
    contextLengthFallback: [claude/reads-more]
    contentPolicyFallback: [claude/says-more]
`;

const MESSAGES = [{ role: 'user' as const, content: 'Hello' }];
const CLAUDE = claudeSays({
  parts: [{ text: 'Here I am.' }],
  stop: 'end_turn',
  usage: { input_tokens: 9, output_tokens: 4 },
});
const GPT = gptSays({
  parts: [{ text: 'Here I am.' }],
  stop: 'stop',
  usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
});

let site: SdkGateway;

before(async () => {
  site = await startSdkGateway({ config: CONFIG });
  site.claude.answer(CLAUDE);
});
after(() => site.close());

function refusal(status: number, code: string, headers: Record<string, string> = {}): UpstreamAnswer {
  const error = { message: 'The provider said no.', type: 'some_error', param: null, code };
  return { status, headers: { ...JSON_HEADERS, ...headers }, chunks: [JSON.stringify({ error })] };
}

interface Answered {
  readonly text: string;
  readonly headers: Headers;
}

/** Each of the official clients, streamed and not. */
const ASKS: readonly (readonly [how: string, ask: (model: string) => Promise<Answered>])[] = [
  [
    'the openai client',
    async (model) => {
      const { data, response } = await site.openai.chat.completions
        .create({ model, messages: MESSAGES })
        .withResponse();
      return { text: data.choices[0]?.message.content ?? '', headers: response.headers };
    },
  ],
  [
    'the openai client, streamed',
    async (model) => {
      const asked = site.openai.chat.completions.create({ model, messages: MESSAGES, stream: true });
      const { data, response } = await asked.withResponse();
      let text = '';
      for await (const { choices } of data) text += choices[0]?.delta.content ?? '';
      return { text, headers: response.headers };
    },
  ],
  [
    'the anthropic client',
    async (model) => {
      const asked = site.anthropic.messages.create({ model, messages: MESSAGES, max_tokens: 100 });
      const { data, response } = await asked.withResponse();
      return {
        text: data.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
        headers: response.headers,
      };
    },
  ],
  [
    'the anthropic client, streamed',
    async (model) => {
      const stream = site.anthropic.messages.stream({ model, messages: MESSAGES, max_tokens: 100 });
      const { response } = await stream.withResponse();
      return { text: await stream.finalText(), headers: response.headers };
    },
  ],
];

const [[, ask]] = ASKS as readonly [(typeof ASKS)[0]];

function way({ headers }: Answered): readonly (string | null)[] {
  return [headers.get('x-causeway-target'), headers.get('x-causeway-attempts')];
}

/** How often a stand-in was asked for a model. */
function askedFor(provider: 'gpt' | 'claude', model: string): number {
  return site[provider].received.filter(({ body }) => (JSON.parse(body) as JsonObject)['model'] === model).length;
}

async function attemptsOf(headers: Headers | undefined): Promise<(string | number | null)[][]> {
  const { attempts } = await site.trace(headers);
  return attempts.map(({ target, kind, outcome, http_status: status, error_code: code }) => [
    target,
    kind,
    outcome,
    status,
    code,
  ]);
}

describe('a target that fails before the first content', () => {
  const failures: readonly (readonly [what: string, answer: UpstreamAnswer, code: string])[] = [
    ['is broken', refusal(500, 'server_error'), 'provider_error'],
    ['is overloaded', refusal(503, 'overloaded'), 'provider_overloaded'],
    ['says what is no answer', { headers: JSON_HEADERS, chunks: ['{"half'] }, 'provider_bad_response'],
  ];
  for (const [how, asks] of ASKS) {
    for (const [what, answer, code] of failures) {
      it(`is replaced where it ${what}, and nobody notices: ${how}`, async () => {
        site.gpt.answer(answer);
        const answered = await asks('patient');
        assert.equal(answered.text, 'Here I am.');
        assert.deepEqual(way(answered), ['claude/stand-in', '2']);
        const [first, second] = await attemptsOf(answered.headers);
        assert.deepEqual([first?.[0], first?.[1], first?.[2], first?.[4]], ['gpt/patient', 'first', 'failed', code]);
        assert.deepEqual(second, ['claude/stand-in', 'fallback', 'completed', 200, null]);
      });
    }
  }

  it('is replaced where its stream ends after its first frame, which has no content', async () => {
    site.gpt.answer({ headers: SSE_HEADERS, chunks: [OPENAI_ROLE], ending: 'cut' });
    const [, [, stream]] = ASKS as readonly [unknown, (typeof ASKS)[0]];
    const answered = await stream('patient');
    assert.deepEqual([answered.text, ...way(answered)], ['Here I am.', 'claude/stand-in', '2']);
  });

  it('promise 1: is not replaced after its first content: the stream ends in an error', async () => {
    site.gpt.answer({ headers: SSE_HEADERS, chunks: [OPENAI_ROLE, OPENAI_HELLO], ending: 'cut' });
    const sent = site.claude.received.length;
    const stream = await site.openai.chat.completions.create({ model: 'begun', messages: MESSAGES, stream: true });
    let text = '';
    const reading = (async () => {
      for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
    })();
    const { code } = await thrownBy(reading, OpenAI.APIError);
    assert.deepEqual([text, code, site.claude.received.length - sent], ['Hello', 'stream_interrupted', 0]);
  });

  it('is asked again where there is no other', async () => {
    let asked = 0;
    site.gpt.answer((request) => {
      asked += 1;
      return asked === 1 ? refusal(500, 'server_error') : GPT(request);
    });
    const answered = await ask('again');
    assert.deepEqual([answered.text, ...way(answered)], ['Here I am.', 'gpt/again', '2']);
    assert.deepEqual(
      (await attemptsOf(answered.headers)).map(([, kind, outcome]) => [kind, outcome]),
      [
        ['first', 'failed'],
        ['retry', 'completed'],
      ],
    );
  });
});

async function shown(target: string): Promise<TargetView | undefined> {
  const { json } = await site.gateway.admin(`/targets?target=${target}`);
  return (json['data'] as unknown as TargetView[])[0];
}

describe('a target that keeps failing', () => {
  it('is left alone, so that requests go to the next one at once, until somebody closes its breaker', async () => {
    site.gpt.answer(refusal(500, 'server_error'));
    for (const attempts of ['2', '2', '1', '1']) assert.equal(way(await ask('breaking'))[1], attempts);
    assert.equal(askedFor('gpt', 'breaking'), 2);
    const skipped = await ask('breaking');
    assert.deepEqual(await attemptsOf(skipped.headers), [['claude/stand-in', 'fallback', 'completed', 200, null]]);

    const open = await shown('gpt/breaking');
    assert.deepEqual([open?.breaker.state, open?.breaker.cause], ['open', 'failures-in-a-row']);
    assert.ok(open && open.breaker.retry_after_ms > 20_000, 'some of its 30 seconds');
    const metrics = await (await fetch(`${site.gateway.url}/metrics`)).text();
    assert.match(metrics, /^llm_target_breaker_state\{target="gpt\/breaking"\} 2$/m);
    assert.match(metrics, /^llm_attempts_total\{kind="fallback",outcome="completed"\} [1-9]/m);

    site.gpt.answer(GPT);
    await site.gateway.admin('/targets/reset', { method: 'POST', body: { target: 'gpt/breaking' } });
    assert.deepEqual(way(await ask('breaking')), ['gpt/breaking', '1']);
  });

  it('is said to be left alone where there is no other, with the time that is left', async () => {
    site.gpt.answer(refusal(500, 'server_error'));
    await assert.rejects(ask('alone'), { status: 500 });
    const error = await thrownBy(ask('alone'), OpenAI.InternalServerError);
    assert.deepEqual([error.status, error.code], [503, 'target_unavailable']);
    assert.equal(error.headers?.get('x-should-retry'), 'true');
    const retryAfter = Number(error.headers?.get('retry-after'));
    assert.ok(retryAfter > 10 && retryAfter <= 20, `${retryAfter} s of 20`);
    assert.equal(askedFor('gpt', 'alone'), 1);
    const trace = await site.trace(error.headers);
    assert.deepEqual([trace.status, trace.error?.code, trace.attempts], ['failed', 'target_unavailable', []]);
  });

  it('is said so in the words of Anthropic, of every target of the chain', async () => {
    site.gpt.answer(refusal(500, 'server_error'));
    site.claude.answer({
      status: 500,
      headers: JSON_HEADERS,
      chunks: ['{"type":"error","error":{"type":"api_error"}}'],
    });
    const [, , [, asAnthropic]] = ASKS as readonly [unknown, unknown, (typeof ASKS)[0]];
    await assert.rejects(asAnthropic('all-open'));
    const error = await thrownBy(asAnthropic('all-open'), Anthropic.InternalServerError);
    site.claude.answer(CLAUDE);
    assert.equal(error.status, 503);
    assert.equal(error.type, 'overloaded_error');
    assert.equal(error.headers.get('x-should-retry'), 'true');
    assert.ok(Number(error.headers.get('retry-after')) > 10);
    assert.deepEqual([askedFor('gpt', 'one'), askedFor('claude', 'two')], [1, 1]);
  });
});

describe('what a provider refuses', () => {
  it("promise 10: for the client's own fault is sent nowhere else, however often, and opens no breaker", async () => {
    site.gpt.answer(refusal(400, 'invalid_value'));
    const sent = site.claude.received.length;
    for (let asked = 1; asked <= 3; asked += 1) {
      const error = await thrownBy(ask('strict'), OpenAI.BadRequestError);
      assert.equal(error.code, 'invalid_value');
      assert.equal(error.headers?.get('x-causeway-attempts'), '1');
      assert.equal(askedFor('gpt', 'strict'), asked);
    }
    assert.equal(site.claude.received.length, sent);
  });

  it('for a limit goes to the next target at once, and so do others while the limit lasts', async () => {
    site.gpt.answer(refusal(429, 'rate_limit_exceeded', { 'retry-after': '30' }));
    const first = await ask('limited');
    assert.deepEqual(way(first), ['claude/stand-in', '2']);
    assert.deepEqual((await attemptsOf(first.headers))[0], [
      'gpt/limited',
      'first',
      'failed',
      429,
      'provider_rate_limited',
    ]);
    assert.deepEqual(way(await ask('limited')), ['claude/stand-in', '1']);
    assert.equal(askedFor('gpt', 'limited'), 1);
  });

  it('promise 11: for a limit that is over at once is not asked of the same target without end', async () => {
    site.gpt.answer(refusal(429, 'rate_limit_exceeded', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }));
    assert.deepEqual(way(await ask('over')), ['claude/stand-in', '2']);
  });

  it('for the length of the prompt goes to the target that reads more', async () => {
    site.gpt.answer(refusal(400, 'context_length_exceeded'));
    const answered = await ask('long');
    assert.deepEqual([answered.text, ...way(answered)], ['Here I am.', 'claude/reads-more', '2']);
    assert.equal(askedFor('gpt', 'never'), 0);
  });

  it("for the provider's own filter goes to the target that is named for that", async () => {
    site.gpt.answer(refusal(400, 'content_filter'));
    assert.deepEqual(way(await ask('long')), ['claude/says-more', '2']);
  });
});
