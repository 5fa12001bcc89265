import { abortError, requireStillWanted } from '../../../core/abort-error.ts';
import { type Assignment, type Call, type Target, targetName } from '../../../core/call.ts';
import { toGatewayError } from '../../../core/errors.ts';
import type { StreamEvent, Terminal } from '../../../core/events.ts';
import { isSameTarget } from '../../../core/reach.ts';
import type { Reply } from '../../../core/reply.ts';
import { addCausewayHeaders, costHeader } from '../../../core/reply-headers.ts';
import type { CascadePolicy } from '../../../core/routing.ts';
import type { Handler } from '../../../core/stage.ts';
import { eventsIn } from '../../../models/answers/provider-wire.ts';
import { inTime } from '../complexity/in-time.ts';
import { TokenLogprobs, asksLogprobs } from './checks/logprobs.ts';
import { confidenceOf } from './confidence.ts';
import type { CascadeParts } from './deps.ts';
import { holdStream } from '../../../core/held-stream.ts';
import { askForLogprobs, mayBeOfLogprobs, unbroken } from './lent-logprobs.ts';

/** A longer answer is not held and counts as good enough. */
const MOST_HELD_BYTES = 1024 * 1024;

/** A first answer that nobody has seen yet. */
interface Held {
  readonly reply: Reply;
  readonly by: Target;
  /** Undefined where nobody can read it. */
  readonly events: readonly StreamEvent[] | undefined;
  /** Undefined where it is too long to be held. */
  readonly terminal: Terminal | undefined;
  /** Milliseconds until it was there. */
  readonly tookMs: number;
}

/** Who is asked for the first answer, and who where that is not good enough. */
interface Order {
  readonly first: readonly Target[];
  /** The better model, and who stands behind it. */
  readonly after: readonly Target[];
}

/**
 * One call that is answered by a cheap model first. Its answer is held until it is checked, and either given as it came
 * or set aside for that of the better model, which goes out as any other. The first targets and the better model are one
 * chain, so that what fails before there is an answer goes on as it does without a cascade.
 */
export class Cascade {
  readonly #deps: CascadeParts;
  readonly #call: Call;
  readonly #policy: CascadePolicy;
  readonly #next: Handler;
  readonly #assignment: Assignment;
  readonly #order: Order;
  readonly #startedAt: number;
  /** How many warnings there were before. */
  readonly #warned: number;
  readonly #logprobs: TokenLogprobs | undefined;
  readonly #lends: boolean;

  constructor(deps: CascadeParts, call: Call, assignment: Assignment, policy: CascadePolicy, next: Handler) {
    this.#deps = deps;
    this.#call = call;
    this.#policy = policy;
    this.#next = next;
    this.#assignment = assignment;
    this.#order = orderOf(assignment.targets, policy.to);
    this.#startedAt = deps.clock.monotonic();
    this.#warned = call.warnings.length;
    this.#lends = policy.check === 'logprobs' && !asksLogprobs(call);
    this.#logprobs = policy.check === 'logprobs' ? new TokenLogprobs(this.#lends) : undefined;
  }

  /** @throws why nobody answered */
  async run(): Promise<Reply> {
    try {
      const reply = await this.#askFirst();
      const by = this.#order.first.find((target) => isSameTarget(target, this.#call.answeredBy ?? target));
      // Whoever answers in place of those that failed is not checked.
      return by ? await this.#judged(await this.#hold(reply, by)) : await this.#unchecked(reply);
    } finally {
      this.#call.assignment = this.#assignment;
    }
  }

  async #askFirst(): Promise<Reply> {
    const { first, after } = this.#order;
    const { policy } = this.#assignment;
    this.#sendTo([...first, ...after], policy?.continue && this.#lends ? unbroken(policy) : policy);
    if (!this.#lends) return this.#next(this.#call);
    try {
      return await askForLogprobs(this.#deps.catalog(), this.#call, this.#next);
    } catch (thrown) {
      if (!mayBeOfLogprobs(thrown)) throw thrown;
      return this.#askWithout(this.#call.attempts.last?.opening.target ?? nameOf(first[0]));
    }
  }

  async #askWithout(refusing: string): Promise<Reply> {
    this.#call.warnings.push(`cascade: ${refusing} may refuse to be asked for log probabilities`);
    this.#sendTo(this.#order.after);
    const reply = await this.#next(this.#call);
    // The same is answered without them, so that it was nothing of the client's.
    this.#deps.refusals.note(refusing);
    return reply;
  }

  #sendTo(targets: readonly Target[], policy = this.#assignment.policy): void {
    this.#call.assignment = { ...this.#assignment, targets, ...(policy && { policy }) };
  }

  /** As it comes, but for what the client did not ask for. */
  async #unchecked(reply: Reply): Promise<Reply> {
    if (!this.#lends || !this.#logprobs) return reply;
    if (reply.kind === 'stream') return (await holdStream(reply, 0, this.#logprobs.item)).reply;
    return reply.kind === 'whole' ? { ...reply, body: this.#logprobs.whole(bufferOf(reply.body)) } : reply;
  }

  async #hold(reply: Reply, by: Target): Promise<Held> {
    const held = await this.#read(reply, by);
    return { ...held, by, tookMs: this.#deps.clock.monotonic() - this.#startedAt };
  }

  async #read(reply: Reply, by: Target): Promise<Pick<Held, 'reply' | 'events' | 'terminal'>> {
    switch (reply.kind) {
      case 'stream':
        return holdStream(reply, MOST_HELD_BYTES, (item) => this.#logprobs?.item(item) ?? item);
      case 'whole': {
        const source = bufferOf(reply.body);
        const body = this.#logprobs?.whole(source) ?? source;
        const isLong = body.byteLength > MOST_HELD_BYTES;
        const events = isLong ? undefined : eventsIn(this.#deps.catalog(), this.#call, targetName(by), body);
        return { reply: { ...reply, body }, events, terminal: isLong ? undefined : reply.terminal };
      }
      case 'translated':
        return { reply, events: reply.events, terminal: reply.terminal };
      default:
        return { reply, events: undefined, terminal: reply.terminal };
    }
  }

  async #judged(held: Held): Promise<Reply> {
    const { terminal, by } = held;
    if (!terminal) {
      this.#call.warnings.push('cascade: the answer is too long to be checked, so it stands');
      return this.#given(held);
    }
    if (terminal.kind === 'aborted') throw abortError(terminal.by);
    const confidence = terminal.kind === 'completed' ? await this.#confidence(held) : undefined;
    requireStillWanted(this.#call);
    this.#note(by, confidence, undefined);
    if (confidence !== undefined && confidence >= this.#policy.atLeast) return this.#given(held);
    if (terminal.kind === 'completed' && this.#leftMs < held.tookMs) {
      this.#call.warnings.push(
        `cascade: no time is left for ${targetName(this.#policy.to)}, so the first answer stands`,
      );
      this.#note(by, confidence, 'stands');
      return this.#given(held);
    }
    return this.#escalated(held, confidence);
  }

  /** Never rejects. */
  async #confidence({ events, by }: Held): Promise<number | undefined> {
    const { clock } = this.#deps;
    const { check, atLeast, timeoutMs } = this.#policy;
    const span = this.#call.spans.open('route', 'cascade', clock.monotonic());
    let confidence: number | undefined;
    try {
      const allowedMs = Math.max(1, Math.min(timeoutMs, this.#leftMs));
      const logprobs = this.#logprobs?.confidence;
      const asked = confidenceOf(this.#deps, this.#call, this.#policy, { events, by, logprobs, allowedMs });
      confidence = await inTime(this.#deps.scheduler, allowedMs, asked);
    } catch {
      span.status = 'failed';
    }
    span.endedAt = clock.monotonic();
    span.detail = { check, confidence: rounded(confidence) ?? null, at_least: atLeast };
    return confidence;
  }

  get #leftMs(): number {
    return (this.#call.deadlineAt ?? Number.POSITIVE_INFINITY) - this.#deps.clock.monotonic();
  }

  /** The better model's answer; where it gives none, the first one stands. */
  async #escalated(held: Held, confidence: number | undefined): Promise<Reply> {
    const call = this.#call;
    const { to } = this.#policy;
    const { shown } = call.attempts;
    // What a target did not get as it was asked is of no concern to who reads another one's answer.
    const said = call.warnings.splice(this.#warned);
    call.attempts.setAside();
    this.#sendTo(this.#order.after);
    this.#note(held.by, confidence, to);
    try {
      const reply = await this.#next(call);
      this.#note(held.by, confidence, call.answeredBy ?? to);
      return reply;
    } catch (thrown) {
      this.#note(held.by, confidence, undefined);
      requireStillWanted(call);
      if (held.terminal?.kind !== 'completed') throw thrown;
      this.#note(held.by, confidence, 'stands');
      call.attempts.setAside();
      if (shown) call.attempts.answers(shown);
      const { code } = toGatewayError(thrown);
      call.warnings.push(...said, `cascade: ${targetName(to)} gave no answer (${code}), so the first one stands`);
      return this.#given(held);
    }
  }

  /** As it came, with what is known by now in its headers. */
  #given({ reply }: Held): Reply {
    const call = this.#call;
    const { 'x-causeway-cost-usd': cost, ...others } = reply.headers;
    if (reply.kind === 'stream') call.heldUntil = this.#deps.clock.monotonic();
    const own = cost === undefined ? {} : costHeader(call);
    return { ...reply, headers: addCausewayHeaders(call, { ...others, ...own }) };
  }

  #note(by: Target, sure: number | undefined, then: Target | 'stands' | undefined): void {
    const { check } = this.#policy;
    const [first, confidence] = [targetName(by), rounded(sure)];
    const known = { first, check, confidence };
    const cascade =
      then === 'stands'
        ? { ...known, escalatedTo: undefined, stands: true }
        : { ...known, escalatedTo: then && targetName(then) };
    this.#call.routing = { ...decisionOf(this.#call, this.#assignment), cascade };
  }
}

/** Why it goes where it goes, where nobody said so before. */
export function decisionOf({ routing }: Call, { route, targets }: Assignment): NonNullable<Call['routing']> {
  return routing ?? { policy: route?.by ?? 'order', target: nameOf(targets[0]), reason: 'the first of its targets' };
}

/** Those that stand before the better model answer first; it is the last of all where it does not stand among them. */
function orderOf(targets: readonly Target[], to: Target): Order {
  const at = targets.findIndex((target) => isSameTarget(target, to));
  if (at < 0) return { first: targets, after: [to] };
  return { first: targets.slice(0, at), after: [to, ...targets.slice(at + 1)] };
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function nameOf(target: Target | undefined): string {
  return target ? targetName(target) : '';
}

function rounded(confidence: number | undefined): number | undefined {
  return confidence === undefined ? undefined : Math.round(confidence * 10_000) / 10_000;
}
