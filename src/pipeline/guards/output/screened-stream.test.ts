import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeReader } from '../../../../test/support/attempt-bench.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import {
  asking,
  everywhere,
  givenWith,
  newVault,
  phraseScanner,
  policyWith,
  saidBy,
  scanning,
  screenedCall,
} from '../../../../test/support/screened-answers.ts';
import type { AbortedBy } from '../../../core/cancellation.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent, Terminal } from '../../../core/events.ts';
import { ReplyStream, type StreamedReply } from '../../../core/reply.ts';
import { ModelCatalog } from '../../../models/catalog.ts';
import { PriceBook } from '../../../models/pricing/price-book.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import type { Judgement } from '../engine/judge.ts';
import type { Given, OutputDeps } from './deps.ts';
import { screenReply } from './screen-reply.ts';

const BLOCKED = 'forbidden';
const END: StreamEvent[] = [{ type: 'finish', choice: 0, reason: 'stop' }, { type: 'end' }];
const DONE: Terminal = { kind: 'completed', finishReason: 'stop', usage: undefined };

const DEPS: OutputDeps = {
  clock: { now: () => 0, monotonic: () => 0 },
  catalog: () => {
    const prices = new PriceBook({});
    return new ModelCatalog({ providers: [], virtualModels: [], prices, passThroughProviders: new Set() });
  },
};

/** A provider's stream that is the test. */
class Upstream {
  readonly aborts: AbortedBy[] = [];
  isPaused = false;
  readonly stream = new ReplyStream({
    pause: () => {
      this.isPaused = true;
    },
    resume: () => {
      this.isPaused = false;
    },
    cancel: (by) => this.aborts.push(by),
  });

  say(...events: StreamEvent[]): void {
    this.stream.push({ events });
  }

  reply(parts: Partial<StreamedReply> = {}): StreamedReply {
    return {
      kind: 'stream',
      status: 200,
      headers: {},
      translated: true,
      rewritten: true,
      stream: this.stream,
      ...parts,
    };
  }
}

async function start(policy: GuardPolicy, given: Given = givenWith(), deps = DEPS) {
  const call = screenedCall(policy, { json: { model: 'm', stream: true, messages: [] } });
  const upstream = new Upstream();
  const reply = await screenReply(deps, call, [policy], given, upstream.reply());
  assert.equal(reply.kind, 'stream');
  const reader = new FakeReader(reply.stream);
  return { call, upstream, reply, reader, events: () => reader.items.flatMap(({ events }) => events) };
}

function text(said: string, index = 0, choice = 0): StreamEvent {
  return { type: 'text-delta', choice, index, text: said };
}

const blocking = policyWith({ scanning: [scanning(phraseScanner([BLOCKED]), { actions: everywhere('block') })] });

/** A phrase in pieces on one channel, between other words on the same and on others. */
const CHANNELS = ['text-delta', 'reasoning-delta', 'refusal-delta', 'tool'] as const;
const interleaved = fc
  .tuple(
    fc.constantFrom(...CHANNELS),
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }),
    fc.array(fc.tuple(fc.constantFrom(...CHANNELS), fc.integer({ min: 0, max: 2 })), { maxLength: 12 }),
    fc.string({ maxLength: 8 }),
  )
  .map(([channel, sizes, between, before]) => ({ channel, sizes, between, before: before.replaceAll(/["\\{}]/g, '') }));

const others = (some: readonly StreamEvent[]) => some.filter((one) => !('text' in one));

describe('a stream with guards on it', () => {
  it('never gives a blocked phrase in full, whatever comes between its pieces', async () => {
    await fc.assert(
      fc.asyncProperty(interleaved, async ({ channel, sizes, between, before }) => {
        const { call, upstream, reader, events } = await start(blocking);
        reader.read();
        upstream.say({ type: 'tool-call-start', choice: 0, index: 9, id: 'c', name: 'f' });
        const say = (kind: (typeof CHANNELS)[number], said: string): void => {
          if (kind === 'tool') upstream.say({ type: 'tool-call-delta', choice: 0, index: 9, argumentsText: said });
          else if (kind === 'refusal-delta') upstream.say({ type: kind, choice: 0, text: said });
          else upstream.say({ type: kind, choice: 0, index: CHANNELS.indexOf(kind), text: said });
        };
        let rest = `${before}${BLOCKED}`;
        for (let at = 0; rest !== ''; at += 1) {
          const size = sizes[at % sizes.length] ?? 1;
          say(channel, rest.slice(0, size));
          rest = rest.slice(size);
          const other = between[at];
          if (other && other[0] !== channel) say(other[0], 'x'.repeat(other[1]));
        }
        upstream.say({ type: 'tool-call-end', choice: 0, index: 9 }, ...END);
        upstream.stream.end(DONE);
        for (const said of saidBy(events()).values()) assert.ok(!said.includes(BLOCKED));
        assert.deepEqual(reader.terminals, [{ kind: 'completed', finishReason: 'content-filter', usage: undefined }]);
        assert.deepEqual(upstream.aborts, ['guard']);
        const outcomes = call.screening?.verdicts.map(({ outcome }) => outcome);
        assert.ok(outcomes?.includes('blocked'));
        assert.ok(events().some((event) => event.type === 'finish' && event.reason === 'content-filter'));
        assert.ok(!events().some(({ type }) => type === 'tool-call-start'));
      }),
    );
  });

  it('gives back what marks stand for, however they are cut', async () => {
    const values = fc.array(fc.constantFrom('13800138000', 'a"b\\c@example.com', '张伟', '1\n2'), {
      minLength: 1,
      maxLength: 4,
    });
    const words = fc.array(fc.string({ unit: 'binary', maxLength: 6 }), { minLength: 5, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        values,
        words,
        fc.integer({ min: 1, max: 9 }),
        async (planted, [first = '', ...between], size) => {
          const vault = newVault();
          for (const word of [first, ...between]) vault.reserve(word);
          const parts = planted.map((value, at) => ({
            value,
            mark: vault.mark('PHONE', value),
            word: between[at] ?? '',
          }));
          const said = first + parts.map(({ mark, word }) => mark + word).join('');
          const meant = first + parts.map(({ value, word }) => value + word).join('');
          const args = JSON.stringify({ said });
          const { upstream, reader, events } = await start(policyWith(), givenWith({ vault }));
          reader.read();
          for (const piece of cut(said, size)) upstream.say(text(piece));
          upstream.say({ type: 'tool-call-start', choice: 0, index: 1, id: 'c', name: 'f' });
          for (const argumentsText of cut(args, size))
            upstream.say({ type: 'tool-call-delta', choice: 0, index: 1, argumentsText });
          upstream.say({ type: 'tool-call-end', choice: 0, index: 1 }, ...END);
          upstream.stream.end(DONE);
          const all = saidBy(events());
          assert.equal(all.get('0 text-delta') ?? '', meant);
          assert.deepEqual(JSON.parse(all.get('0 tool-call-delta 1') ?? ''), { said: meant });
          assert.deepEqual(reader.terminals, [DONE]);
        },
      ),
    );
  });

  it('leaves a text without findings as it is, and every other event in its place', async () => {
    const event = fc.oneof(
      fc.string({ unit: 'binary' }).map((said) => text(said)),
      fc.string().map((said) => text(said, 3)),
      fc.string().map((said): StreamEvent => ({ type: 'reasoning-delta', choice: 0, index: 1, text: said })),
      fc.string().map((said) => text(said, 0, 1)),
      fc.constant<StreamEvent>({ type: 'usage', usage: { inputTokens: 1 } }),
      fc.constant<StreamEvent>({ type: 'reasoning-signature', choice: 0, index: 1, signature: 's', redacted: false }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event), async (all) => {
        const { upstream, reader, events } = await start(blocking);
        reader.read();
        const sent = [...all, ...END];
        for (const one of sent) upstream.say(one);
        upstream.stream.end(DONE);
        assert.deepEqual(saidBy(events()), new Map([...saidBy(sent)].filter(([, said]) => said !== '')));
        assert.deepEqual(others(events()), others(sent));
      }),
    );
  });

  it('ends once, whoever ends it, with its verdict there by then', async () => {
    const ways = fc.constantFrom('client', 'deadline', 'shutdown', 'failed', 'upstream', 'done', 'blocked');
    await fc.assert(
      fc.asyncProperty(fc.array(ways, { minLength: 1, maxLength: 4 }), fc.boolean(), async (order, late) => {
        const { call, upstream, reader, reply } = await start(blocking);
        let verdicts = 0;
        reply.stream.observe({ terminal: () => (verdicts = call.screening?.verdicts.length ?? 0) });
        if (!late) reader.read();
        upstream.say(text('some words'));
        for (const way of order) {
          if (way === 'failed')
            upstream.stream.end({ kind: 'failed', error: new GatewayError('provider_error'), usage: undefined });
          else if (way === 'done') upstream.stream.end(DONE);
          else if (way === 'blocked') upstream.say(text(`${BLOCKED}.`));
          else if (way === 'upstream') upstream.stream.abort('shutdown');
          else reader.stream.abort(way);
        }
        if (late) reader.read();
        reader.stream.abort('client');
        assert.equal(reader.terminals.length, 1);
        assert.equal(verdicts, 1);
        assert.equal(call.screening?.verdicts.length, 1);
        assert.ok(upstream.aborts.length <= 1);
      }),
    );
  });

  it('tells a client that has read nothing why', async () => {
    const { upstream, reader, events } = await start(blocking);
    reader.read();
    upstream.say(text(`${BLOCKED} `));
    assert.deepEqual(events(), [
      { type: 'refusal-delta', choice: 0, text: 'This was refused by a safety policy.' },
      { type: 'finish', choice: 0, reason: 'content-filter' },
    ]);
    assert.deepEqual(upstream.aborts, ['guard']);
  });

  it('says what was used, as its attempt was charged', async () => {
    const { call, upstream, reader, events } = await start(blocking);
    const opening = { target: 'p/m', priceVersion: undefined, reservedNanoUsd: undefined, retryOf: undefined };
    const attempt = call.attempts.open({ ...opening, simulated: false });
    const usage = { inputTokens: 9, outputTokens: 2 };
    upstream.stream.observe({
      terminal: () => attempt.close(0, { outcome: 'aborted', usage, usageSource: 'assumed' }),
    });
    reader.read();
    upstream.say(text(`${BLOCKED} `));
    assert.deepEqual(events()[0], { type: 'usage', usage });
    assert.deepEqual(reader.terminals, [{ kind: 'completed', finishReason: 'content-filter', usage }]);
  });

  it('waits for its reader', async () => {
    const { upstream, reader } = await start(blocking);
    upstream.say(text('one '));
    upstream.say(text('two '));
    assert.ok(upstream.isPaused);
    reader.hasRoom = false;
    reader.read();
    assert.equal(reader.said, 'one ');
    reader.hasRoom = true;
    reader.stream.resume();
    assert.equal(reader.said, 'one two ');
    assert.ok(!upstream.isPaused);
  });

  it('only watches where nothing would be changed: bytes go on as they came', async () => {
    const policy = policyWith({ scanning: [scanning(phraseScanner([BLOCKED]), { actions: everywhere('flag') })] });
    const call = screenedCall(policy);
    const upstream = new Upstream();
    const reply = await screenReply(DEPS, call, [policy], givenWith(), upstream.reply({ translated: false }));
    assert.ok(reply.kind === 'stream' && !reply.translated);
    const reader = new FakeReader(reply.stream).read();
    upstream.stream.push({ bytes: Buffer.from('a'), events: [text('forb')] });
    upstream.stream.push({ bytes: Buffer.from('b'), events: [text('idden')] });
    upstream.stream.push({ bytes: Buffer.from('c'), events: END });
    upstream.stream.end(DONE);
    assert.equal(reader.text, 'abc');
    assert.deepEqual(reader.terminals, [DONE]);
    const [verdict] = call.screening?.verdicts ?? [];
    assert.equal(verdict?.outcome, 'flagged');
    assert.deepEqual(verdict?.found, { PHRASE: 1 });
  });

  it('ends in an error where a guard fails without which nothing goes through', async () => {
    const broken = { scan: () => assert.fail('broken'), held: () => 0 };
    const policy = policyWith({ scanning: [scanning(broken, { actions: everywhere('block') })] });
    const { call, upstream, reader } = await start(policy);
    reader.read();
    upstream.say(text('words'));
    const [terminal] = reader.terminals;
    assert.equal(terminal?.kind === 'failed' && terminal.error.code, 'guard_failed');
    assert.deepEqual(upstream.aborts, ['guard']);
    assert.equal(reader.said, '');
    assert.equal(call.screening?.verdicts[0]?.outcome, 'failed');
    assert.equal(call.screening?.verdicts[0]?.went, 'no-further');
  });

  it('drops the proof of reasoning that it changed', async () => {
    const policy = policyWith({ scanning: [scanning(phraseScanner([BLOCKED]), { actions: everywhere('redact') })] });
    const { upstream, reader, events } = await start(policy);
    reader.read();
    upstream.say({ type: 'reasoning-delta', choice: 0, index: 0, text: `I think ${BLOCKED}` });
    upstream.say({ type: 'reasoning-signature', choice: 0, index: 0, signature: 's', redacted: false });
    upstream.say(...END);
    assert.deepEqual([...saidBy(events()).values()], ['I think [REDACTED]']);
    assert.ok(!events().some(({ type }) => type === 'reasoning-signature'));
  });
});

describe('judges on a stream', () => {
  const clean: Judgement = { score: 0, categories: {} };

  it('let segments through one after the other, and the provider waits', async () => {
    const asked: string[] = [];
    const answers: ((judgement: Judgement) => void)[] = [];
    const judge = asking(
      ({ text: said }) => {
        asked.push(said);
        const { promise, resolve } = Promise.withResolvers<Judgement>();
        answers.push(resolve);
        return promise;
      },
      { name: 'judge', actions: everywhere('block') },
    );
    const { call, upstream, reader } = await start(policyWith({ asking: [judge], settings: { segment: 40 } }));
    reader.read();
    upstream.say(text('a'.repeat(30)));
    assert.equal(asked.length, 0);
    upstream.say(text('b'.repeat(30)));
    assert.deepEqual(asked, ['a'.repeat(30) + 'b'.repeat(10)]);
    upstream.say(text('c'.repeat(30)), ...END);
    upstream.stream.end(DONE);
    assert.ok(upstream.isPaused);
    assert.equal(reader.said, '');
    answers[0]?.(clean);
    await turns();
    assert.equal(reader.said, 'a'.repeat(30) + 'b'.repeat(10));
    assert.equal(asked[1], `${'a'.repeat(30)}${'b'.repeat(30)}${'c'.repeat(20)}`);
    answers[1]?.({ score: 0.9, categories: { hate: 0.9, other: 0.1 } });
    await turns();
    assert.equal(reader.said, 'a'.repeat(30) + 'b'.repeat(10));
    assert.equal(reader.terminals[0]?.kind === 'completed' && reader.terminals[0].finishReason, 'content-filter');
    const [verdict] = call.screening?.verdicts ?? [];
    assert.equal(verdict?.outcome, 'blocked');
    assert.deepEqual(verdict?.found, { hate: 1 });
  });

  it('who only flag are asked when all has been said, before the end is told', async () => {
    const judge = asking(({ text: said }) => Promise.resolve({ score: said === 'all words' ? 1 : 0, categories: {} }), {
      actions: everywhere('flag'),
    });
    const { call, upstream, reader } = await start(policyWith({ asking: [judge] }));
    reader.read();
    upstream.say(text('all '));
    assert.equal(reader.said, 'all ');
    upstream.say(text('words'), ...END);
    upstream.stream.end(DONE);
    assert.deepEqual(reader.terminals, []);
    await turns();
    assert.deepEqual(reader.terminals, [DONE]);
    assert.equal(call.screening?.verdicts[0]?.outcome, 'flagged');
  });

  it('are not waited for by a client that leaves', async () => {
    const judge = asking(() => new Promise(() => {}), { actions: everywhere('block') });
    const policy = policyWith({ asking: [{ ...judge, timeoutMs: 1 }], settings: { segment: 40 } });
    const { upstream, reader, call } = await start(policy);
    reader.read();
    upstream.say(text('a'.repeat(50)));
    reader.stream.abort('client');
    assert.deepEqual(upstream.aborts, ['client']);
    assert.equal(reader.terminals[0]?.kind, 'aborted');
    assert.equal(call.screening?.verdicts.length, 1);
  });
});

function cut(said: string, size: number): string[] {
  return Array.from({ length: Math.ceil(said.length / size) }, (_, at) => said.slice(at * size, (at + 1) * size));
}

/** Lets promises that are settled be seen. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}
