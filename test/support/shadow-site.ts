import type { Assignment, Call } from '../../src/core/call.ts';
import { type CallBody } from '../../src/core/call-body.ts';
import type { FinishReason, StreamEvent, Terminal } from '../../src/core/events.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { Handler } from '../../src/core/stage.ts';
import { adapterOf } from '../../src/edge/dialects/registry.ts';
import { type ShadowDefinition, type ShadowSettings, shadowOf } from '../../src/pipeline/shadow/definition.ts';
import { Mirror, type MirrorDeps } from '../../src/pipeline/shadow/mirror.ts';
import type { LeftOut } from '../../src/pipeline/shadow/left-out.ts';
import { type Sums, addTo } from '../../src/pipeline/shadow/sums.ts';
import type { TallyArm } from '../../src/pipeline/shadow/tallies.ts';
import { boundedCatalog, targetOf } from './bounded-catalog.ts';
import { FakeClock } from './fake-clock.ts';
import { type CallParts, makeCall } from './make-call.ts';
import { makeRecord } from './make-record.ts';

export const SHADOW: ShadowSettings<object> = {
  model: 'chat',
  enabled: true,
  set: { target: 'local/m' },
  share: 1,
  concurrency: 2,
  usd: 1,
  period: 'total',
  similarity: false,
};

export const CANDIDATE = 'local/m';

export function assignmentTo(...targets: readonly string[]): Assignment {
  return {
    virtualModel: 'chat',
    targets: targets.map(targetOf),
    passThroughCredentials: false,
    timeouts: undefined,
  };
}

/** A whole answer of another dialect. */
export function answering(call: Call, text: string, more: readonly StreamEvent[] = []): Reply {
  const reason: FinishReason = 'stop';
  const terminal: Terminal = { kind: 'completed', finishReason: reason, usage: undefined };
  call.answeredBy = call.assignment?.targets[0];
  const events: StreamEvent[] = [
    { type: 'text-delta', choice: 0, index: 0, text },
    ...more,
    { type: 'finish', choice: 0, reason },
  ];
  return { kind: 'translated', status: 200, headers: {}, events, terminal };
}

/** An attempt that was sent, and is paid for. */
export function attempted(call: Call, clock: FakeClock, { tookMs = 0, nanoUsd = 0, ttftMs = 0 } = {}): void {
  const [target] = call.assignment?.targets ?? [];
  const attempt = call.attempts.open({
    target: `${target?.provider}/${target?.model}`,
    priceVersion: undefined,
    reservedNanoUsd: undefined,
    retryOf: undefined,
    simulated: false,
  });
  attempt.sentAt = clock.monotonic() - tookMs;
  attempt.firstContentAt = attempt.sentAt + ttftMs;
  attempt.close(clock.monotonic(), { outcome: 'completed', costNanoUsd: nanoUsd });
}

/** What stands behind a mirror, and what was seen of it. */
export class ShadowSite {
  readonly clock = new FakeClock();
  readonly sums: Record<TallyArm, Sums> = { pairs: {}, live: {}, candidate: {} };
  readonly leftOut: LeftOut[] = [];
  readonly outcomes: string[] = [];
  readonly failures: unknown[] = [];
  /** Calls that the candidate got. */
  readonly asked: Call[] = [];
  spentNanoUsd = 0;
  unaffordable = 0;
  shadows: ShadowDefinition[];
  /** The candidate. */
  answer: Handler = (call) => Promise.resolve(answering(call, 'Paris.'));
  readonly deps: MirrorDeps;
  readonly mirror: Mirror;

  constructor(settings: Partial<ShadowSettings<object>> = {}, deps: Partial<MirrorDeps> = {}) {
    const catalog = boundedCatalog();
    this.shadows = [shadowOf('small', 'file', { ...SHADOW, ...settings })];
    this.deps = {
      clock: this.clock,
      scheduler: this.clock,
      shadows: {
        of: (model) => this.shadows.filter((one) => one.model === model && one.enabled),
      },
      catalog: () => catalog,
      variant: () => assignmentTo(CANDIDATE),
      readingOf: (call, body) => readingOf(call, body),
      isRepeatable: () => true,
      askerOf: () => (call) => {
        this.asked.push(call);
        return this.answer(call);
      },
      isBusy: () => false,
      vectorOf: () => Promise.resolve(undefined),
      random: () => 0.9,
      tallies: { add: (_, arm, sums) => addTo(this.sums[arm], sums) },
      watch: {
        mirrored: (_, outcome) => this.outcomes.push(outcome),
        leftOut: (_, reason) => this.leftOut.push(reason),
        spent: (_, nanoUsd) => (this.spentNanoUsd += nanoUsd),
        unaffordable: () => (this.unaffordable += 1),
        failed: (_, err) => this.failures.push(err),
      },
      ...deps,
    };
    this.mirror = new Mirror(this.deps);
  }

  /** A client's request has been answered. */
  answered(parts: CallParts = {}, text = 'Paris.', record: Parameters<typeof makeRecord>[0] = {}): Call {
    const call = makeCall({ assignment: assignmentTo('openai/m'), ...parts });
    if (call.attempts.all.length === 0) attempted(call, this.clock, { tookMs: 100, nanoUsd: 1000, ttftMs: 40 });
    const kept = makeRecord({ traceId: call.id, streamed: call.facts.stream, costNanoUsd: 1000, ...record });
    this.mirror.observe(kept, call, { output: Buffer.from(JSON.stringify([{ content: text }])) });
    return call;
  }

  /** Lets what is due happen. */
  async turn(ms = 0): Promise<void> {
    this.clock.advance(ms);
    for (let at = 0; at < 20; at += 1) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function readingOf(call: Call, body: CallBody): Pick<Call, 'needs' | 'inference'> {
  const adapter = adapterOf(call.dialect);
  return {
    get needs() {
      return adapter.readNeeds(body.resolved, {});
    },
    get inference() {
      return adapter.decode(body.exactJson, {});
    },
  };
}
