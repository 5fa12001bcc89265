import type { Call } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { type GatewayError, toGatewayError } from '../../core/errors.ts';
import type { Terminal } from '../../core/events.ts';
import type { Reply } from '../../core/reply.ts';
import type { Stage } from '../../core/stage.ts';
import type { CallRecord, RecordSink } from '../../records/journal/record.ts';
import { AnswerCollector, vectorsShape } from './answer-text.ts';
import { buildRecord, terminalOf } from './build-record.ts';

export interface RecordDeps {
  readonly sink: RecordSink;
  readonly clock: Clock;
  /** Counts the call in the metrics, and looks at what it says of its caller. */
  observe(record: CallRecord, call: Call): void;
  /** A call began, or its record was closed. */
  inFlight(change: 1 | -1): void;
}

export interface Recorder {
  readonly stage: Stage;
  /** Records a refusal that never became a call of the pipeline (an unknown path, a body over the limit). */
  readonly refuse: (call: Call, error: GatewayError) => void;
}

/** Outermost: one record for each call, closed at its terminal event and not when its reply begins. */
export function createRecorder(deps: RecordDeps): Recorder {
  function close(call: Call, terminal: Terminal, output: Uint8Array | undefined): void {
    const record = buildRecord(call, { terminal, at: deps.clock.monotonic() });
    deps.sink.append(record, { input: call.body.raw.length > 0 ? call.body.raw : undefined, output });
    deps.observe(record, call);
  }

  /** Closes a call that was counted in. */
  function finish(call: Call, terminal: Terminal, output: Uint8Array | undefined): void {
    deps.inFlight(-1);
    close(call, terminal, output);
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
      const answer = new AnswerCollector();
      if (reply.kind === 'translated') {
        answer.take(reply);
        finish(call, reply.terminal, answer.toJson());
        return reply;
      }
      reply.stream.observe({
        item: (item) => answer.take(item),
        terminal: (terminal) => finish(call, terminal, answer.toJson()),
      });
      return reply;
    },
  };

  return { stage, refuse: (call, error) => close(call, terminalOf(error), undefined) };
}
