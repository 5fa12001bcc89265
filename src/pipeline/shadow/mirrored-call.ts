import { AttemptLedger } from '../../core/attempts.ts';
import { CallBody } from '../../core/call-body.ts';
import type { Assignment, Call } from '../../core/call.ts';
import { Cancellation } from '../../core/cancellation.ts';
import type { Clock } from '../../core/clock.ts';
import { newTraceId } from '../../core/ids.ts';
import { SpanLedger } from '../../core/spans.ts';

/** What is read of a body, where it is needed. */
type BodyReading = Pick<Call, 'needs' | 'inference'>;

export interface MirroredCallDeps {
  readonly clock: Clock;
  /** Reads another body as the call's own; undefined where that cannot be. */
  readingOf(call: Call, body: CallBody): BodyReading | undefined;
}

/** The path that all requests of shadows are grouped by, those to judges too. */
export const SHADOW_ENDPOINT = 'causeway/shadow';

/** Who asks by itself may wait. */
const LOWEST_PRIORITY = 0;

/**
 * A client's request once more, to be answered by a candidate: the bytes that the client sent, without what was changed
 * in them for the other targets, and nothing of its headers. It has a record, a ledger and an end of its own.
 * @param allowedMs until it is given up
 * @returns undefined where the request cannot be read once more
 */
export function mirroredCall(
  deps: MirroredCallDeps,
  call: Call,
  assignment: Assignment,
  { shadow, allowedMs }: { readonly shadow: string; readonly allowedMs: number },
): Call | undefined {
  const body = new CallBody(call.body.raw);
  const reading = deps.readingOf(call, body);
  if (!reading) return undefined;
  forbidKeeping(call, body);
  const [receivedAt, startedAt] = [deps.clock.now(), deps.clock.monotonic()];
  const { dialect, operation, clientIp, principal, facts } = call;
  return {
    id: newTraceId(receivedAt),
    receivedAt,
    startedAt,
    dialect,
    operation,
    endpoint: SHADOW_ENDPOINT,
    query: '',
    headers: {},
    clientIp,
    body,
    form: undefined,
    resource: undefined,
    facts: {
      model: facts.model,
      stream: facts.stream,
      user: facts.user,
      metadata: { ...facts.metadata, shadow, shadow_of: call.id },
      conversationId: undefined,
      priority: LOWEST_PRIORITY,
      prefer: facts.prefer,
    },
    get needs() {
      return reading.needs;
    },
    get inference() {
      return reading.inference;
    },
    get embedding(): never {
      throw new Error('it asks for an answer');
    },
    cancellation: new Cancellation(),
    deadlineAt: startedAt + allowedMs,
    attempts: new AttemptLedger(),
    spans: new SpanLedger(),
    traceContext: undefined,
    warnings: [],
    principal,
    // A model of its own, so that it has its own metrics and its own retries, and no part in those of users.
    assignment: { ...assignment, virtualModel: `shadow:${shadow}`, passThroughCredentials: false },
    // Nobody would have asked for it otherwise, so it saves nothing, wherever it is sent.
    get savings() {
      return undefined;
    },
    set savings(_) {},
  };
}

/** Nobody asks for the copy of an answer later. */
function forbidKeeping({ dialect }: Call, body: CallBody): void {
  const { store } = body.json;
  const isKept = dialect === 'responses' ? store !== false : dialect === 'openai' && store === true;
  if (isKept) body.amend({ op: 'set', path: '/store', value: false });
}
