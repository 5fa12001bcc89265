import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeReader } from '../../../../test/support/attempt-bench.ts';
import { RouteBench, turn } from '../../../../test/support/route-bench.ts';
import { eventReply, streamReply, textEvents, textReply } from '../../../../test/support/text-reply.ts';
import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import { OPENAI_ANSWER } from '../../../../test/support/wire-texts.ts';
import type { Call } from '../../../core/call.ts';
import { GatewayError, toGatewayError } from '../../../core/errors.ts';
import type { Reply, ReplyStream } from '../../../core/reply.ts';
import type { Screening } from '../../../core/screening.ts';
import type { Handler } from '../../../core/stage.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import type { StructuredSettings } from './settings.ts';
import { structuredStage } from './stage.ts';

const SCHEMA = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false };
const MESSAGES = [{ role: 'user', content: 'How many?' }];
const GOOD = '{"n": 1}';
const BAD = '{"n": "secret"}';

/** A request with a schema, as clients of each dialect write it. */
const ASKING: Readonly<Record<Call['dialect'], Record<string, unknown>>> = {
  openai: {
    model: 'm',
    messages: MESSAGES,
    response_format: { type: 'json_schema', json_schema: { name: 'count', schema: SCHEMA } },
  },
  responses: {
    model: 'm',
    input: 'How many?',
    text: { format: { type: 'json_schema', name: 'count', schema: SCHEMA } },
  },
  anthropic: {
    model: 'm',
    max_tokens: 100,
    messages: MESSAGES,
    output_config: { format: { type: 'json_schema', schema: SCHEMA } },
  },
  gemini: {
    contents: [{ role: 'user', parts: [{ text: 'How many?' }] }],
    generationConfig: { responseMimeType: 'application/json', responseJsonSchema: SCHEMA },
  },
};

const concealJson = (bytes: Buffer): Buffer => bytes;

function screening(parts: Partial<Screening> = {}): Screening {
  return {
    policies: ['p'],
    version: '1',
    verdicts: [],
    rewrites: false,
    changed: false,
    touched: false,
    isWhollySeen: true,
    concealJson,
    ...parts,
  };
}

interface Asked {
  readonly settings?: Partial<StructuredSettings>;
  readonly onFailure?: 'open' | 'closed';
  readonly call?: CallParts;
  readonly answers: readonly (() => Reply | Promise<Reply>)[];
}

const bench = new RouteBench();

function stageWith(settings: Partial<StructuredSettings>, onFailure: 'open' | 'closed', by = bench) {
  const structured: StructuredSettings = { action: 'flag', repair: false, streams: 'pass', ...settings };
  // Only what the stage looks at.
  const policy = { structured, settings: { onFailure } } as unknown as GuardPolicy;
  return structuredStage({ clock: by.clock, catalog: () => by.deps.catalog(), policiesOf: () => [policy] });
}

/** Runs the stage before answers that come in turn. */
async function run({ settings = {}, onFailure = 'closed', call: parts = {}, answers }: Asked) {
  const call = makeCall({ json: ASKING[parts.dialect ?? 'openai'], screening: screening(), ...parts });
  const bodies: string[] = [];
  const next: Handler = async ({ body }) => {
    bodies.push(body.bytesWith([]).toString());
    const answer = answers[bodies.length - 1];
    if (!answer) throw new Error('it was asked too often');
    return answer();
  };
  const outcome = await stageWith(settings, onFailure).run(call, next).catch(toGatewayError);
  const verdicts = (): unknown[] => (call.screening?.verdicts ?? []).map(({ micros: _micros, ...rest }) => rest);
  return { call, bodies, outcome, verdicts };
}

/** Reads a stream that is all there. */
function readAll(stream: ReplyStream) {
  const { items, terminals } = new FakeReader(stream).read();
  return { events: items.flatMap(({ events }) => events), terminal: terminals[0] };
}

const failing = () => Promise.reject(new GatewayError('provider_overloaded'));
const streamed = (text: string) => () => streamReply(textEvents(text), true);

/** Asks for leave, and answers. */
const ask = (call: Call, answer: string) => () => {
  void call.spending?.cover({ provider: 'a', model: 'm' });
  return textReply(answer);
};

const verdict = (outcome: string, more = {}) => ({ guard: 'structured', place: 'output', outcome, ...more });
const FOUND = { found: { type: 1 } };

describe('answers in one piece', () => {
  it('are passed where they are as the schema says', async () => {
    const good = textReply(GOOD);
    const { outcome, verdicts } = await run({ answers: [() => good] });
    assert.equal(outcome, good);
    assert.deepEqual(verdicts(), [verdict('passed')]);
  });

  it('are flagged or refused where they are not, with not a word of theirs on the record', async () => {
    const flagged = await run({ answers: [() => textReply(BAD)] });
    assert.ok(!(flagged.outcome instanceof GatewayError));
    assert.deepEqual(flagged.verdicts(), [verdict('flagged', FOUND)]);
    const blocked = await run({ settings: { action: 'block' }, answers: [() => textReply(BAD)] });
    assert.ok(blocked.outcome instanceof GatewayError);
    assert.equal(blocked.outcome.code, 'guard_output_invalid');
    assert.deepEqual(blocked.verdicts(), [verdict('blocked', FOUND)]);
  });

  for (const text of [`\`\`\`json\n${GOOD}\n\`\`\``, 'Sure: {"n": 1}', '', '{"n": 1', `${GOOD}${GOOD}`]) {
    it(`are JSON and nothing else: ${JSON.stringify(text)}`, async () => {
      const { verdicts } = await run({ answers: [() => textReply(text)] });
      assert.deepEqual(verdicts(), [verdict('flagged', { found: { json: 1 } })]);
    });
  }

  it('are all looked at where there are several', async () => {
    const two = [0, 1].flatMap((choice) => [
      { type: 'text-delta', choice, index: 0, text: choice === 0 ? GOOD : BAD } as const,
      { type: 'finish', choice, reason: 'stop' } as const,
    ]);
    const { verdicts, bodies } = await run({ settings: { repair: true }, answers: [() => eventReply(two)] });
    assert.deepEqual(verdicts(), [verdict('flagged', FOUND)]);
    assert.equal(bodies.length, 1);
  });

  it('are left alone where they call tools or refuse', async () => {
    const call = [{ type: 'tool-call-start', choice: 0, index: 0, id: 'c', name: 'f' } as const];
    for (const events of [call, [{ type: 'refusal-delta', choice: 0, text: 'No.' } as const]]) {
      const { outcome, verdicts } = await run({ settings: { action: 'block' }, answers: [() => eventReply(events)] });
      assert.ok(!(outcome instanceof GatewayError));
      assert.deepEqual(verdicts(), [verdict('skipped', { detail: { reason: 'tool calls or a refusal' } })]);
    }
  });

  it('are failed, never passed, where the schema asks for too much', async () => {
    const schema = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } };
    const json = { ...ASKING.openai, response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } };
    const went = async (action: 'flag' | 'block', onFailure: 'open' | 'closed') => {
      const { outcome, verdicts } = await run({
        settings: { action },
        onFailure,
        call: { json },
        answers: [() => textReply(GOOD)],
      });
      const [{ outcome: said, went: how }] = verdicts() as [{ outcome: string; went: string }];
      return [outcome instanceof GatewayError ? outcome.code : 'answered', said, how];
    };
    assert.deepEqual(await went('block', 'closed'), ['guard_failed', 'failed', 'no-further']);
    assert.deepEqual(await went('block', 'open'), ['answered', 'failed', 'on']);
    assert.deepEqual(await went('flag', 'closed'), ['answered', 'failed', 'on']);
  });

  it('may have marks where personal data is', async () => {
    const schema = { type: 'object', properties: { phone: { type: 'string', pattern: String.raw`^\d{11}$` } } };
    const json = { ...ASKING.openai, response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } };
    const answers = [() => textReply('{"phone": "[PHONE_1]"}')];
    const marked = await run({ call: { json, screening: screening({ changed: true }) }, answers });
    assert.deepEqual(marked.verdicts(), [verdict('passed')]);
    const plain = await run({ call: { json }, answers });
    assert.deepEqual(plain.verdicts(), [verdict('flagged', { found: { pattern: 1 } })]);
  });

  it('are not looked at where no schema is asked for, or the request is none', async () => {
    for (const json of [
      { model: 'm', messages: MESSAGES },
      { model: 'm', messages: 1 },
    ]) {
      const { verdicts } = await run({
        settings: { action: 'block' },
        call: { json },
        answers: [() => textReply('x')],
      });
      assert.deepEqual(verdicts(), []);
    }
  });
});

describe('a model that is asked once more', () => {
  for (const dialect of ['openai', 'responses', 'anthropic', 'gemini'] as const) {
    it(`is told what is wrong, in a conversation of ${dialect}, and the body is as it was afterwards`, async () => {
      const good = textReply(GOOD);
      const asked = { settings: { repair: true, action: 'block' as const }, call: { dialect } };
      const { call, bodies, outcome, verdicts } = await run({ ...asked, answers: [() => textReply(BAD), () => good] });
      assert.equal(outcome, good);
      assert.deepEqual(verdicts(), [verdict('repaired', FOUND)]);
      const messages = makeCall({ dialect, json: JSON.parse(bodies[1] ?? '') as unknown }).inference.messages;
      assert.deepEqual(
        messages.map(({ role, content: [part] }) => [role, part?.type === 'text' ? part.text : '']),
        [
          ['user', 'How many?'],
          ['assistant', BAD],
          [
            'user',
            'Your answer is not valid against the JSON schema that was asked for:\n- /n: has to be integer\nAnswer again. Write the corrected JSON and nothing else: no explanation and no code fence.',
          ],
        ],
      );
      assert.equal(call.body.bytesWith([]).toString(), bodies[0]);
      assert.deepEqual(call.body.resolved, JSON.parse(bodies[0] ?? ''));
      assert.equal(call.inference.messages.length, 1);
    });
  }

  it('is not asked a third time', async () => {
    const settings = { repair: true, action: 'block' as const };
    const { outcome, bodies, verdicts } = await run({
      settings,
      answers: [() => textReply(BAD), () => textReply('no')],
    });
    assert.ok(outcome instanceof GatewayError);
    assert.equal(bodies.length, 2);
    assert.deepEqual(verdicts(), [verdict('blocked', FOUND)]);
  });

  it('may fail: then the first answer stands', async () => {
    const first = textReply(BAD);
    const { call, outcome, verdicts } = await run({ settings: { repair: true }, answers: [() => first, failing] });
    assert.deepEqual(
      outcome instanceof GatewayError || outcome.kind === 'translated' ? (outcome as { events?: unknown }).events : 0,
      first.events,
    );
    assert.deepEqual(verdicts(), [verdict('flagged', FOUND)]);
    assert.deepEqual(call.warnings, ['structured: the model gave no second answer (provider_overloaded)']);
  });

  it('is counted in budgets with what it is sent beside', async () => {
    const covered: number[] = [];
    const spending = { cover: (_: unknown, more = 0) => void covered.push(more), waits: () => {}, sends: () => {} };
    const call = makeCall({ json: ASKING.openai, screening: screening(), spending });
    const answers = [ask(call, BAD), ask(call, GOOD)];
    await stageWith({ repair: true }, 'open').run(call, async () => answers.shift()?.() ?? textReply(''));
    assert.equal(covered[0], 0);
    assert.ok((covered[1] ?? 0) > BAD.length, String(covered[1]));
    assert.equal(call.spending, spending);
  });
});

describe('streams', () => {
  it('go out as they come, and are looked at when they have ended', async () => {
    const settings = { action: 'block', repair: true } as const;
    for (const [text, expected] of [
      [GOOD, verdict('passed')],
      [BAD, verdict('flagged', FOUND)],
    ] as const) {
      const { outcome, verdicts } = await run({ settings, answers: [streamed(text)] });
      assert.ok(!(outcome instanceof GatewayError) && outcome.kind === 'stream');
      assert.deepEqual(verdicts(), []);
      readAll(outcome.stream);
      assert.deepEqual(verdicts(), [expected]);
    }
  });

  it('are held where that is wished for, and repaired or refused like others', async () => {
    const held = { streams: 'hold', repair: true, action: 'block' } as const;
    const { outcome, verdicts } = await run({ settings: held, answers: [streamed(BAD), streamed(GOOD)] });
    assert.ok(!(outcome instanceof GatewayError) && outcome.kind === 'stream');
    assert.deepEqual(readAll(outcome.stream).events, textEvents(GOOD));
    assert.deepEqual(verdicts(), [verdict('repaired', FOUND)]);
    const refused = await run({ settings: { ...held, repair: false }, answers: [streamed(BAD)] });
    assert.ok(refused.outcome instanceof GatewayError);
  });

  it('are not called wrong where they did not come to their end', async () => {
    const failed = { kind: 'failed', error: new GatewayError('stream_interrupted'), usage: undefined } as const;
    const skipped = verdict('skipped', { detail: { reason: 'the answer did not come to its end' } });
    for (const streams of ['pass', 'hold'] as const) {
      const answers = [() => streamReply(textEvents('{"n":').slice(0, 2), true, failed)];
      const { outcome, verdicts } = await run({ settings: { streams, action: 'block' }, answers });
      assert.ok(!(outcome instanceof GatewayError) && outcome.kind === 'stream');
      assert.equal(readAll(outcome.stream).terminal?.kind, 'failed');
      assert.deepEqual(verdicts(), [skipped]);
    }
  });

  it('are failed where they are too long to be held', async () => {
    const long = `{"n": ${'1'.repeat(5 * 1024 * 1024)}}`;
    const held = { streams: 'hold', action: 'block' } as const;
    const closed = await run({ settings: held, answers: [streamed(long)] });
    assert.ok(closed.outcome instanceof GatewayError);
    assert.equal(closed.outcome.code, 'guard_failed');
    const open = await run({ settings: held, onFailure: 'open', answers: [streamed(long)] });
    assert.ok(!(open.outcome instanceof GatewayError) && open.outcome.kind === 'stream');
    assert.equal(readAll(open.outcome.stream).terminal?.kind, 'completed');
  });
});

const answered = (content: string) => ({
  ...OPENAI_ANSWER,
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
});

describe('answers of real attempts', () => {
  for (const dialect of ['openai', 'anthropic'] as const) {
    it(`are repaired by a second attempt, for clients of ${dialect}; both count`, async () => {
      const by = new RouteBench({ targets: ['a'] });
      const call = makeCall({ dialect, json: ASKING[dialect], screening: screening() });
      call.assignment = {
        virtualModel: undefined,
        targets: [{ provider: 'a', model: 'm' }],
        passThroughCredentials: false,
        timeouts: undefined,
      };
      const replying = stageWith({ repair: true }, 'open', by).run(call, by.attempt);
      await turn();
      await by.answer('a', 200, answered(BAD));
      await by.answer('a', 200, answered(GOOD));
      const reply = await replying;
      assert.equal(call.screening?.verdicts[0]?.outcome, 'repaired');
      assert.deepEqual(
        call.attempts.all.map(({ closing, patches }) => [
          closing?.outcome,
          closing?.usage?.outputTokens,
          patches.filter(({ op }) => op === 'insert').map(({ path }) => path),
        ]),
        [
          ['completed', 500, []],
          ['completed', 500, ['/messages/1', '/messages/2']],
        ],
      );
      assert.equal(call.attempts.shown, call.attempts.all[1]);
      assert.equal(reply.headers['x-causeway-attempts'], '2');
    });
  }
});
