import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { MOST_HELD_LOOK } from '../scan/scanner.ts';
import type { ReviewReason } from '../review/review.ts';
import { type AnswerGuards, JUDGED_AT_ONCE } from './answer-guards.ts';
import { CalledArguments, parsedArguments } from './called-arguments.ts';
import type { Marks } from './deps.ts';
import { type CallStart, HeldCall } from './held-call.ts';
import type { OutputPlan } from './output-plan.ts';
import { type Steps, piecesOf } from './steps.ts';
import { TextChannel } from './text-channel.ts';
import { asksReview } from './tool-rules.ts';

export type ChoiceEvent = Extract<StreamEvent, { readonly choice: number }>;
type Delta = Extract<ChoiceEvent, { type: 'text-delta' | 'reasoning-delta' | 'refusal-delta' }>;
type Kind = Delta['type'];

/** Units of one answer that wait for the ends of calls. */
const MOST_WAITING = 4 * 1024 * 1024;

export interface ChoiceContext {
  readonly plan: OutputPlan;
  readonly guards: AnswerGuards;
  readonly marks: Marks | undefined;
  /** The client reads what is said as JSON. */
  readonly saysJson: boolean;
  /** All of the answer is there, so that nothing is lost by holding more of it back. */
  readonly isWhole: boolean;
  /** Takes what goes on to the client. */
  readonly emit: (event: StreamEvent) => void;
  readonly review: (reason: ReviewReason) => void;
}

/** One of the answers, on its way to the client, in the order in which its parts began. */
export class ChoiceScreen {
  readonly choice: number;
  /** A text of it went out. */
  hasSaid = false;
  isFinished = false;
  readonly #context: ChoiceContext;
  readonly #channels = new Map<Kind, TextChannel>();
  /** The text that grows: its last event without what it said. */
  #open: Delta | undefined;
  /** By content index. */
  readonly #calls = new Map<number, HeldCall>();
  /** What waits for calls that began before it. */
  #queue: (HeldCall | StreamEvent)[] = [];
  #waiting = 0;

  constructor(choice: number, context: ChoiceContext) {
    this.choice = choice;
    this.#context = context;
  }

  /** What it said plainly, as far as it is kept. */
  get said(): string {
    return this.#channels.get('text-delta')?.gathered ?? '';
  }

  *read(event: ChoiceEvent): Steps {
    switch (event.type) {
      case 'text-delta':
      case 'reasoning-delta':
      case 'refusal-delta':
        yield* this.#say(event);
        return;
      case 'tool-call-start':
        yield* this.#flush();
        this.#startCall(event);
        return;
      case 'tool-call-delta':
        this.#growCall(event);
        return;
      case 'tool-call-end':
        yield* this.#endCall(event);
        return;
      case 'reasoning-signature':
        yield* this.#prove(event);
        return;
      case 'finish':
        yield* this.close();
        // What is blocked at its end does not end as the model said.
        if (this.#context.guards.state.stop) return;
        this.isFinished = true;
        this.#put(event);
        return;
      case 'other-content':
        yield* this.#flush();
        this.#put(event);
    }
  }

  /** Nothing more comes of it: texts end, and so do calls. */
  *close(): Steps {
    yield* this.#flush();
    for (const [kind, channel] of this.#channels) {
      const rest = yield* channel.close();
      if (rest !== '') this.#tell(lastOf(kind, this.choice), rest);
    }
    for (const call of this.#calls.values()) yield* this.#clear(call);
    this.#calls.clear();
  }

  *askLate(): Steps {
    for (const channel of this.#channels.values()) yield* channel.askLate();
  }

  *#say(event: Delta): Steps {
    if (this.#open && !isSamePart(this.#open, event)) yield* this.#flush();
    this.#open = event;
    const cleared = yield* this.#channel(event.type).add(event.text);
    this.#tell(event, cleared);
  }

  *#flush(): Steps {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    this.#tell(open, yield* this.#channel(open.type).flush());
  }

  #tell(like: Delta, text: string): void {
    if (text === '' || this.#context.guards.state.stop) return;
    if (like.type !== 'reasoning-delta') this.hasSaid = true;
    this.#put(text === like.text ? like : { ...like, text });
  }

  /** A proof of what was thought holds no longer where that was changed. */
  *#prove(event: Extract<ChoiceEvent, { type: 'reasoning-signature' }>): Steps {
    yield* this.#flush();
    if (event.redacted || !this.#channels.get('reasoning-delta')?.isChanged) this.#put(event);
  }

  #channel(kind: Kind): TextChannel {
    let channel = this.#channels.get(kind);
    if (!channel) {
      const { plan, guards, isWhole } = this.#context;
      channel = new TextChannel({
        runs: guards.output.scanning,
        state: guards.state,
        holdBack: isWhole ? MOST_HELD_LOOK : plan.holdBack,
        gate: guards.output.gate,
        segment: isWhole ? JUDGED_AT_ONCE : plan.segment,
        late: guards.output.late,
        // Providers check that what was thought comes back as they said it.
        marks: kind === 'reasoning-delta' ? undefined : this.#marksOf(kind),
      });
      this.#channels.set(kind, channel);
    }
    return channel;
  }

  #marksOf(kind: Kind): Marks | undefined {
    const { marks, saysJson } = this.#context;
    return marks && saysJson && kind === 'text-delta' ? inJson(marks) : marks;
  }

  #startCall(start: CallStart): void {
    const call = new HeldCall(start);
    this.#calls.set(start.index, call);
    if (this.#context.plan.holdsCalls) this.#queue.push(call);
    else this.#put(start);
  }

  #growCall(event: Extract<ChoiceEvent, { type: 'tool-call-delta' }>): void {
    const call = this.#calls.get(event.index);
    if (!call) return;
    this.#wait(event.argumentsText.length);
    call.argumentsText += event.argumentsText;
    if (!this.#context.plan.holdsCalls) this.#put(event);
  }

  *#endCall(event: Extract<ChoiceEvent, { type: 'tool-call-end' }>): Steps {
    const call = this.#calls.get(event.index);
    if (!call) return;
    this.#calls.delete(event.index);
    yield* this.#clear(call);
    if (!this.#context.plan.holdsCalls) this.#put(event);
  }

  *#clear(call: HeldCall): Steps {
    const { guards, marks, plan } = this.#context;
    const { scanning, gate, late } = guards.arguments;
    const text = call.argumentsText;
    for (const panel of [gate, late]) if (!panel.isEmpty && text !== '') yield* judge(panel, text);
    const called = new CalledArguments(scanning, guards.state);
    yield* called.name(call.start.name);
    const screened = yield* called.screen(text);
    this.#waiting -= text.length;
    if (guards.state.stop) return;
    this.#askReview(call.start.name, text);
    call.clear(marks ? marks.restoreJson(screened) : screened);
    if (plan.holdsCalls) this.#advance();
  }

  #askReview(name: string, argumentsText: string): void {
    const { plan, review } = this.#context;
    if (plan.tools.length === 0) return;
    const parsed = parsedArguments(argumentsText);
    for (const { rule } of plan.tools) {
      if (!asksReview(rule, name, parsed)) continue;
      review({ guard: 'review', place: 'tool-arguments', tool: name });
      return;
    }
  }

  /** Goes out when everything before it has. */
  #put(event: StreamEvent): void {
    if (this.#queue.length === 0) {
      this.#context.emit(event);
      return;
    }
    if ('text' in event) this.#wait(event.text.length);
    this.#queue.push(event);
  }

  #advance(): void {
    for (let first = this.#queue[0]; first; first = this.#queue[0]) {
      if (first instanceof HeldCall) {
        if (!first.events) return;
        for (const event of first.events) this.#context.emit(event);
      } else {
        if ('text' in first) this.#waiting -= first.text.length;
        this.#context.emit(first);
      }
      this.#queue.shift();
    }
  }

  /** @throws guard_failed where more waits than may */
  #wait(units: number): void {
    this.#waiting += units;
    if (this.#waiting > MOST_WAITING) {
      throw new GatewayError('guard_failed', {
        message: 'A call of a tool is too long for the guards that look at it.',
      });
    }
  }
}

function* judge(panel: AnswerGuards['arguments']['gate'], text: string): Steps {
  for (const piece of piecesOf(text, JUDGED_AT_ONCE)) yield panel.ask(piece);
}

function isSamePart(a: Delta, b: Delta): boolean {
  return a.type === b.type && ('index' in a ? a.index : -1) === ('index' in b ? b.index : -1);
}

/** Values are written as JSON has them in texts. */
function inJson(marks: Marks): Marks {
  return {
    isEmpty: marks.isEmpty,
    heldOf: (end) => marks.heldOf(end),
    restore: (text) => marks.restoreJson(text),
    restoreJson: (text) => marks.restoreJson(text),
  };
}

/** For what is left of a text whose part is over, which is nothing as a rule. */
function lastOf(kind: Kind, choice: number): Delta {
  return kind === 'refusal-delta' ? { type: kind, choice, text: '' } : { type: kind, choice, index: 0, text: '' };
}
