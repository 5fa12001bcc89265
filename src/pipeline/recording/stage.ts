import type { Call } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { type GatewayError, toGatewayError } from '../../core/errors.ts';
import { type Terminal, isContentEvent } from '../../core/events.ts';
import type { Reply, TranslatedReply } from '../../core/reply.ts';
import type { Stage } from '../../core/stage.ts';
import type { CallRecord, CallTexts, RecordPolicy, RecordSink } from '../../records/journal/record.ts';
import { AnswerCollector, vectorsShape } from './answer-text.ts';
import { buildRecord, terminalOf } from './build-record.ts';
import { TokenGaps } from './token-gaps.ts';

export interface RecordDeps {
  readonly sink: RecordSink;
  /** How records of a project are kept. */
  readonly policyOf: (project: string | undefined) => RecordPolicy;
  readonly clock: Clock;
  /** Counts the call in the metrics, and looks at what it says of its caller. */
  observe(record: CallRecord, call: Call, texts: CallTexts): void;
  /** A call began, or its record was closed. */
  inFlight(change: 1 | -1): void;
}

interface Closing {
  readonly terminal: Terminal;
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly output: Uint8Array | undefined;
  readonly gaps?: TokenGaps | undefined;
}

export interface Recorder {
  readonly stage: Stage;
  /** Records a refusal that never became a call of the pipeline (an unknown path, a body over the limit). */
  readonly refuse: (call: Call, error: GatewayError) => void;
}

/** Outermost: one record for each call, closed at its terminal event and not when its reply begins. */
export function createRecorder(deps: RecordDeps): Recorder {
  function close(call: Call, { terminal, at, output, gaps }: Closing): void {
    const policy = policyFor(call, deps.policyOf(call.principal?.project));
    const record = buildRecord(call, { terminal, at, policy, interTokenP95Ms: gaps?.p95 });
    const texts = textsOf(call, output);
    deps.sink.append(record, texts);
    deps.observe(record, call, texts);
  }

  /** Closes a call that was counted in. */
  function finish(call: Call, terminal: Terminal, output: Uint8Array | undefined, gaps?: TokenGaps): void {
    const at = deps.clock.monotonic();
    const end = (): void => {
      deps.inFlight(-1);
      close(call, { terminal, at, output, gaps });
    };
    if (call.attempts.isHeld) whenSettled(call, end);
    else end();
  }

  const stage: Stage = {
    name: 'record',
    async run(call, next) {
      deps.inFlight(1);
      let reply: Reply;
      try {
        reply = await next(call);
      } catch (thrown) {
        const error = toGatewayError(thrown);
        finish(call, terminalOf(error), error.refusal?.body);
        throw error;
      }
      if (reply.kind === 'whole') {
        finish(call, reply.terminal, reply.body);
        return reply;
      }
      if (reply.kind === 'vectors') {
        finish(call, reply.terminal, vectorsShape(reply.answer));
        return reply;
      }
      if (reply.kind === 'translated') {
        finish(call, reply.terminal, saidBy(reply));
        return reply;
      }
      const answer = new AnswerCollector();
      const gaps = new TokenGaps();
      reply.stream.observe({
        item(item) {
          answer.take(item);
          if (item.events.some(isContentEvent)) gaps.note(deps.clock.monotonic());
        },
        terminal: (terminal) => finish(call, terminal, answer.toJson(), gaps),
      });
      return reply;
    },
  };

  return {
    stage,
    refuse(call, error) {
      close(call, { terminal: terminalOf(error), at: deps.clock.monotonic(), output: undefined });
    },
  };
}

function saidBy(reply: TranslatedReply): Buffer | undefined {
  const answer = new AnswerCollector();
  answer.take(reply);
  return answer.toJson();
}

/** Where guards took something out, it is nowhere on the record either. */
function textsOf({ body, screening }: Call, output: Uint8Array | undefined): CallTexts {
  const input = body.raw.length > 0 ? body.raw : undefined;
  if (!screening) return { input, output };
  return {
    input: input && screening.concealJson(input),
    output: output && screening.concealJson(Buffer.from(output.buffer, output.byteOffset, output.byteLength)),
  };
}

/** Where nobody knows what guards would have taken out, texts are kept as redacted ones are. */
function policyFor({ screening }: Call, policy: RecordPolicy): RecordPolicy {
  const isTooOpen = policy.bodies === 'full' && screening?.isWhollySeen === false;
  return isTooOpen ? { ...policy, bodies: 'redacted' } : policy;
}

/**
 * Where a client left and others read on what was asked for it, its attempts are still under way. What they cost
 * belongs on its record, so that waits for them; when and how the call ended for its client stays.
 */
function whenSettled({ attempts }: Call, then: () => void): void {
  let isDone = false;
  attempts.whenClosed(() => {
    if (isDone) return;
    isDone = true;
    then();
  });
}
