import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import type { AbortedBy } from '../core/cancellation.ts';
import type { Reply } from '../core/reply.ts';
import { type Bench, FakeReader, startAttempt } from '../../test/support/attempt-bench.ts';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { RecordLog } from '../../test/support/record-log.ts';
import { splitsOf } from '../../test/support/splits.ts';
import {
  ANTHROPIC_BLOCK,
  ANTHROPIC_END,
  ANTHROPIC_HELLO,
  ANTHROPIC_START,
  DONE,
  OPENAI_ANSWER,
  OPENAI_HELLO,
  OPENAI_ROLE,
  OPENAI_STOP,
  OPENAI_USAGE,
} from '../../test/support/wire-texts.ts';
import { KEPT_WHOLE } from '../../test/support/make-record.ts';
import { createRecorder } from './recording/stage.ts';

/** One thing that may happen to a running call, on any side of it. */
type Step =
  | { readonly do: 'next' | 'end' | 'tick' | 'slow' | 'fast' | 'leave' }
  | { readonly do: 'fail'; readonly kind: 'connect' | 'timeout' | 'broken' }
  | { readonly do: 'cancel'; readonly by: AbortedBy };

interface Scenario {
  readonly type: 'openai' | 'anthropic';
  readonly stream: boolean;
  readonly status: number;
  readonly contentType: string;
  /** The body in the reads that it comes in. */
  readonly reads: readonly Buffer[];
  /** Whether these bytes, all of them, are a complete answer. */
  readonly wellFormed: boolean;
  readonly steps: readonly Step[];
  readonly holdHeadersMs: number;
}

const OPENAI_STREAM = OPENAI_ROLE + OPENAI_HELLO + OPENAI_HELLO + OPENAI_STOP + OPENAI_USAGE + DONE;
const ANTHROPIC_STREAM = ANTHROPIC_START + ANTHROPIC_BLOCK + ANTHROPIC_HELLO + ANTHROPIC_HELLO + ANTHROPIC_END;
const SSE = 'text/event-stream';

interface Said extends Pick<Scenario, 'type' | 'stream' | 'status' | 'contentType' | 'wellFormed'> {
  readonly body: string;
}

const said: fc.Arbitrary<Said> = fc.constantFrom(
  { type: 'openai', stream: true, status: 200, contentType: SSE, wellFormed: true, body: OPENAI_STREAM },
  { type: 'anthropic', stream: true, status: 200, contentType: SSE, wellFormed: true, body: ANTHROPIC_STREAM },
  { type: 'openai', stream: true, status: 200, contentType: SSE, wellFormed: false, body: OPENAI_ROLE + OPENAI_HELLO },
  {
    type: 'anthropic',
    stream: true,
    status: 200,
    contentType: SSE,
    wellFormed: false,
    body: `${ANTHROPIC_START}${ANTHROPIC_HELLO}event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n`,
  },
  {
    type: 'openai',
    stream: true,
    status: 200,
    contentType: SSE,
    wellFormed: false,
    body: `${OPENAI_HELLO}data: {"choices":[\n\n`,
  },
  {
    type: 'openai',
    stream: false,
    status: 200,
    contentType: 'application/json',
    wellFormed: true,
    body: JSON.stringify(OPENAI_ANSWER),
  },
  {
    type: 'openai',
    stream: false,
    status: 429,
    contentType: 'application/json',
    wellFormed: false,
    body: '{"error":{}}',
  },
  { type: 'openai', stream: true, status: 500, contentType: 'text/html', wellFormed: false, body: '<html>' },
);

const rare: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>({ do: 'end' }),
  fc.constant<Step>({ do: 'leave' }),
  fc.constantFrom('connect', 'timeout', 'broken').map((kind): Step => ({ do: 'fail', kind })),
  fc.constantFrom('client', 'deadline', 'shutdown').map((by): Step => ({ do: 'cancel', by })),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>({ do: 'next' }) },
  { weight: 3, arbitrary: fc.constantFrom<Step>({ do: 'tick' }, { do: 'slow' }, { do: 'fast' }) },
  { weight: 1, arbitrary: rare },
);

const scenarios: fc.Arbitrary<Scenario> = said.chain(({ body, ...rest }) =>
  fc.record({
    reads: splitsOf(Buffer.from(body), 6),
    steps: fc.array(step, { maxLength: 30, size: 'max' }),
    // At once, or not while the test runs.
    holdHeadersMs: fc.constantFrom(0, 3_600_000),
    type: fc.constant(rest.type),
    stream: fc.constant(rest.stream),
    status: fc.constant(rest.status),
    contentType: fc.constant(rest.contentType),
    wellFormed: fc.constant(rest.wellFormed),
  }),
);

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Plays a scenario, then lets everything that is still open come to its end. */
class Play {
  readonly log = new RecordLog();
  readonly bench: Bench;
  readonly #scenario: Scenario;
  #sent = 0;
  #headOut = false;
  reader: FakeReader | undefined;
  rejected = false;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    const { log } = this;
    const recorder = createRecorder({
      policyOf: () => KEPT_WHOLE,
      sink: log,
      clock: new FakeClock(),
      observe: log.observe,
      inFlight: log.inFlight,
    });
    const { type, stream, holdHeadersMs } = scenario;
    const model = type === 'openai' ? 'gpt-4o-mini' : 'claude-haiku-4-5';
    this.bench = startAttempt({ type, facts: { stream, model }, around: [recorder.stage], holdHeadersMs });
    void this.#take(this.bench.reply);
  }

  /** The provider said all it had to say, if perhaps without the last line's end. */
  get saidAll(): boolean {
    return Buffer.concat(this.#scenario.reads.slice(this.#sent)).toString().trim() === '';
  }

  async run(): Promise<void> {
    for (const next of this.#scenario.steps) await this.#step(next);
    await this.#settle();
  }

  async #take(promised: Promise<Reply>): Promise<void> {
    try {
      const reply = await promised;
      if (reply.kind === 'stream') this.reader = new FakeReader(reply.stream).read();
    } catch {
      this.rejected = true;
    }
  }

  async #step(next: Step): Promise<void> {
    const { upstream, call } = this.bench;
    switch (next.do) {
      case 'next':
        this.#next();
        break;
      case 'end':
        if (this.#headOut) upstream.end();
        break;
      case 'fail':
        if (next.kind !== 'connect' || !this.#headOut) upstream.fail(next.kind);
        break;
      case 'cancel':
        call.cancellation.cancel(next.by);
        break;
      case 'slow':
        if (this.reader) this.reader.hasRoom = false;
        break;
      case 'fast':
        this.#resume();
        break;
      case 'leave':
        this.reader?.stream.abort('client');
        break;
      case 'tick':
        await turn();
    }
  }

  /** The provider's next move, as far as it may go on. */
  #next(): void {
    const { upstream } = this.bench;
    const { reads, status, contentType } = this.#scenario;
    if (upstream.paused || upstream.freed) return;
    const bytes = reads[this.#sent];
    if (!this.#headOut) {
      this.#headOut = true;
      upstream.head(status, { 'content-type': contentType });
    } else if (bytes) {
      this.#sent += 1;
      upstream.data(bytes);
    } else {
      upstream.end();
    }
  }

  #resume(): void {
    if (!this.reader || this.reader.hasRoom) return;
    this.reader.hasRoom = true;
    this.reader.stream.resume();
  }

  async #settle(): Promise<void> {
    for (let left = this.#scenario.reads.length + 4; left > 0; left -= 1) {
      await turn();
      this.#resume();
      this.#next();
    }
    await turn();
  }
}

function timersOfProcess(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

describe('whatever happens to a call, in whatever order', () => {
  it('promise 1, promise 11: it has exactly one terminal event and one record, and nothing stays open', async () => {
    const seen = new Set<string>();
    // Other tests may share this process.
    const others = timersOfProcess();
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const play = new Play(scenario);
        await play.run();
        const { log, bench, reader, rejected } = play;

        assert.equal(log.records.length, 1, 'one record');
        assert.equal(log.observed.length, 1, 'counted once');
        assert.equal(log.open, 0, 'nothing in flight');
        const [record] = log.records;
        const { closing } = bench.attempt;
        assert.ok(record && closing, 'the attempt was closed');
        seen.add(`${record.status} ${scenario.stream ? 'stream' : 'whole'}`);

        if (reader) {
          assert.equal(reader.terminals.length, 1, 'one terminal event');
          assert.equal(reader.terminals[0]?.kind, record.status);
        } else {
          assert.equal(rejected, record.status !== 'completed');
        }
        if (record.status === 'completed') {
          assert.ok(play.saidAll && scenario.wellFormed, 'complete only where all was said');
          assert.equal(closing.outcome, 'completed');
        }
        if (closing.outcome !== 'completed') assert.equal(record.status === 'completed', false);
        assert.equal(record.attempts[0]?.outcome, closing.outcome, 'settled before it was recorded');
        assert.equal(record.costNanoUsd, closing.costNanoUsd);
        assert.equal(record.costKnown, true);

        assert.ok(bench.upstream.freed, 'no connection stays open');
        const { aborts } = bench.upstream;
        bench.call.cancellation.cancel('shutdown');
        assert.equal(bench.upstream.aborts, aborts, 'nobody listens any more');
        assert.equal(log.records.length, 1);
        assert.ok(timersOfProcess() <= others, 'no timer is left');
      }),
      { numRuns: 500 },
    );
    const every = ['completed', 'failed', 'aborted'].flatMap((status) => [`${status} stream`, `${status} whole`]);
    assert.deepEqual([...seen].toSorted(), every.toSorted(), 'every ending was seen');
  });

  it('promise 1: it never shows a client more than the provider said, in the order in which it said it', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const play = new Play(scenario);
        await play.run();
        const visible = Buffer.concat(scenario.reads).toString().replace(OPENAI_USAGE, '');
        const text = play.reader?.text ?? '';
        assert.ok(visible.startsWith(text), text);
        if (play.reader?.terminals[0]?.kind === 'completed') assert.equal(text, visible);
        else assert.ok(!text.includes(DONE) || play.bench.attempt.closing?.outcome === 'completed');
      }),
      { numRuns: 300 },
    );
  });
});
