import { abortError, requireStillWanted } from '../../../core/abort-error.ts';
import { type Call, targetName } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent, Terminal } from '../../../core/events.ts';
import { GatheredEvents } from '../../../core/gathered-events.ts';
import { holdStream } from '../../../core/held-stream.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Reply, StreamedReply } from '../../../core/reply.ts';
import { addCausewayHeaders, costHeader } from '../../../core/reply-headers.ts';
import type { Verdict, VerdictOutcome } from '../../../core/screening.ts';
import type { Handler } from '../../../core/stage.ts';
import { eventsIn } from '../../../models/answers/provider-wire.ts';
import { type AnswerCheck, LONGEST_TEXT, checkAnswer } from './check-answer.ts';
import { repaired } from './repair.ts';
import type { StructuredDeps } from './stage.ts';

/** A longer answer is not held, and not checked. Bytes. */
const MOST_HELD = 4 * LONGEST_TEXT;

/** What follows from what is found; of all policies together. */
export interface StructuredRules {
  /** An answer that is not as it should be is refused. */
  readonly blocks: boolean;
  /** The model is asked once more. */
  readonly repairs: boolean;
  /** Streams are held until they are whole. */
  readonly holds: boolean;
  /** An answer that cannot be checked is refused. */
  readonly isClosed: boolean;
}

interface Parts {
  readonly deps: StructuredDeps;
  readonly call: Call;
  readonly rules: StructuredRules;
  readonly schema: JsonObject;
  readonly next: Handler;
}

/** An answer that nobody has seen yet. */
interface Held {
  readonly reply: Reply;
  /** Undefined where nobody can read it. */
  readonly events: readonly StreamEvent[] | undefined;
  /** How it ended; undefined where it is too long to be held, and goes on. */
  readonly terminal: Terminal | undefined;
}

/** The way of one call whose answer has to be as a schema says. */
export class StructuredAnswer {
  readonly #parts: Parts;
  #micros = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws guard_output_invalid, guard_failed, and why nobody answered */
  async run(): Promise<Reply> {
    const { call, next, rules } = this.#parts;
    const reply = await next(call);
    if (reply.kind === 'vectors') return reply;
    if (reply.kind === 'stream' && !rules.holds) return this.#observed(reply);
    return this.#judged(await this.#hold(reply));
  }

  /** It goes out as it comes, so that nothing can be done about it but to say so. */
  #observed(reply: StreamedReply): Reply {
    const said = new GatheredEvents(LONGEST_TEXT);
    reply.stream.observe({
      item: ({ events }) => said.add(events),
      terminal: (terminal) => {
        const check = terminal.kind === 'completed' ? this.#check(said.all) : NOT_WHOLE;
        if (check.outcome === 'invalid') this.#note('flagged', check);
        else if (check.outcome === 'undecided') this.#note('failed', check, { went: 'on' });
        else this.#note(check.outcome === 'valid' ? 'passed' : 'skipped', check);
      },
    });
    return reply;
  }

  async #hold(reply: Reply): Promise<Held> {
    const { call, deps } = this.#parts;
    switch (reply.kind) {
      case 'stream': {
        const held = await holdStream(reply, MOST_HELD, (item) => item);
        call.heldUntil = deps.clock.monotonic();
        return held;
      }
      case 'whole': {
        const { buffer, byteOffset, byteLength } = reply.body;
        const body = Buffer.from(buffer, byteOffset, byteLength);
        const by = call.answeredBy && targetName(call.answeredBy);
        const isRead = by !== undefined && byteLength <= MOST_HELD;
        return {
          reply,
          events: isRead ? eventsIn(deps.catalog(), call, by, body) : undefined,
          terminal: reply.terminal,
        };
      }
      case 'translated':
        return { reply, events: reply.events, terminal: reply.terminal };
      default:
        return { reply, events: undefined, terminal: reply.terminal };
    }
  }

  /** @throws guard_output_invalid, guard_failed */
  async #judged(held: Held): Promise<Reply> {
    const { terminal } = held;
    if (terminal?.kind === 'aborted') throw abortError(terminal.by);
    const check = terminal?.kind === 'failed' ? NOT_WHOLE : this.#check(terminal && held.events);
    switch (check.outcome) {
      case 'valid':
        this.#note('passed', check);
        return held.reply;
      case 'skipped':
        this.#note('skipped', check);
        return held.reply;
      case 'undecided':
        return this.#undecided(held, check);
      default:
        return (await this.#repaired(held, check)) ?? this.#invalid(held, check);
    }
  }

  #undecided({ reply }: Held, check: AnswerCheck): Reply {
    const isRefused = this.#parts.rules.isClosed;
    this.#note('failed', check, { went: isRefused ? 'no-further' : 'on' });
    if (!isRefused) return reply;
    letGo(reply);
    throw new GatewayError('guard_failed');
  }

  #invalid({ reply }: Held, check: AnswerCheck): Reply {
    const { blocks } = this.#parts.rules;
    this.#note(blocks ? 'blocked' : 'flagged', check);
    if (!blocks) return reply;
    letGo(reply);
    throw new GatewayError('guard_output_invalid');
  }

  /** The answer to being asked once more, where that is as it should be. */
  async #repaired(held: Held, check: AnswerCheck): Promise<Reply | undefined> {
    const { call, rules, next } = this.#parts;
    if (!rules.repairs || check.outcome !== 'invalid' || check.said === undefined) return undefined;
    requireStillWanted(call);
    const { shown } = call.attempts;
    const { answeredBy, routing } = call;
    const second = await repaired(call, { answer: check.said, faults: check.faults }, async () => {
      call.attempts.setAside();
      return this.#hold(await next(call));
    });
    const again = second?.terminal?.kind === 'completed' ? this.#check(second.events) : undefined;
    if (second && again?.outcome === 'valid') {
      this.#note('repaired', check);
      return second.reply;
    }
    if (second) letGo(second.reply);
    requireStillWanted(call);
    // The first one stands, and who reads it is told of whom it is.
    call.attempts.setAside();
    if (shown) call.attempts.answers(shown);
    Object.assign(call, { answeredBy, routing });
    return this.#invalid({ ...held, reply: withHeaders(call, held.reply) }, check);
  }

  #check(events: readonly StreamEvent[] | undefined): AnswerCheck {
    const { call, deps, schema } = this.#parts;
    const startedAt = deps.clock.monotonic();
    const check = checkAnswer(schema, events, call.screening?.changed === true);
    this.#micros += Math.round((deps.clock.monotonic() - startedAt) * 1000);
    return check;
  }

  #note(outcome: VerdictOutcome, check: AnswerCheck, more: Pick<Verdict, 'went'> = {}): void {
    const verdict = { guard: 'structured', place: 'output', outcome, micros: this.#micros } as const;
    this.#parts.call.screening?.verdicts.push({ ...verdict, ...more, ...told(check) });
  }
}

const NOT_WHOLE: AnswerCheck = { outcome: 'skipped', reason: 'the answer did not come to its end' };

/** With what has been spent and tried since it came. */
function withHeaders(call: Call, reply: Reply): Reply {
  const { 'x-causeway-cost-usd': cost, ...others } = reply.headers;
  return {
    ...reply,
    headers: addCausewayHeaders(call, { ...others, ...(cost === undefined ? {} : costHeader(call)) }),
  };
}

/** Nobody reads it. */
function letGo(reply: Reply): void {
  if (reply.kind === 'stream') reply.stream.abort('guard');
}

function told(check: AnswerCheck): Pick<Verdict, 'found' | 'detail'> {
  if ('reason' in check) return { detail: { reason: check.reason } };
  const unchecked = check.unchecked.length > 0 ? { detail: { unchecked: [...check.unchecked] } } : {};
  if (check.outcome === 'valid') return unchecked;
  const found: Record<string, number> = {};
  for (const { keyword } of check.faults) found[keyword] = (found[keyword] ?? 0) + 1;
  return { found, ...unchecked };
}
