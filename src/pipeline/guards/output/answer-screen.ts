import type { Call } from '../../../core/call.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { Verdict } from '../../../core/screening.ts';
import { type Usage, mergeUsage } from '../../../core/usage.ts';
import type { ReviewReason } from '../review/review.ts';
import { AnswerGuards } from './answer-guards.ts';
import { type ChoiceContext, ChoiceScreen } from './choice-screen.ts';
import type { Given } from './deps.ts';
import type { Stop } from './guard-run.ts';
import type { OutputPlan } from './output-plan.ts';
import { type Steps, runSteps } from './steps.ts';

export interface ScreenOptions {
  readonly call: Call;
  readonly plan: OutputPlan;
  readonly given: Given;
  readonly isWhole: boolean;
}

/** Verdicts of one answer on calls of tools that wait, and characters of their names. */
const MOST_TOOLS = 16;
const MOST_NAME = 64;

/** The guards on the events of one answer. Events go in as they come; what is cleared is taken out. */
export class AnswerScreen {
  readonly guards: AnswerGuards;
  /** What was used, as far as it was said. */
  usage: Usage | undefined;
  readonly #options: ScreenOptions;
  readonly #context: ChoiceContext;
  readonly #choices = new Map<number, ChoiceScreen>();
  readonly #tools: ReviewReason[] = [];
  #cleared: StreamEvent[] = [];
  #isTold = false;
  #isClosed = false;

  constructor(options: ScreenOptions) {
    const { plan, call, given, isWhole } = options;
    this.#options = options;
    this.guards = new AnswerGuards(plan, call);
    this.#context = {
      plan,
      guards: this.guards,
      marks: given.vault.isEmpty ? undefined : given.vault,
      saysJson: !given.vault.isEmpty && asksJson(call),
      isWhole,
      emit: (event) => this.#cleared.push(event),
      review: (reason) => this.#tools.push(reason),
    };
  }

  get stop(): Stop | undefined {
    return this.guards.state.stop;
  }

  /** Why somebody has to approve it. */
  get reviews(): readonly ReviewReason[] {
    return [...this.guards.reviews, ...this.#tools];
  }

  /** What each of the answers says that says something. */
  get answers(): readonly string[] {
    return [...this.#choices.values()].map(({ said }) => said).filter((said) => said !== '');
  }

  /**
   * Undefined where it is done already.
   * @throws guard_failed, or rejects with it, where more waits than may
   */
  take(events: readonly StreamEvent[]): Promise<void> | undefined {
    return runSteps(this.#take(events));
  }

  /** The answer is complete. */
  end(): Promise<void> | undefined {
    return runSteps(this.#end());
  }

  /** What goes on to the client, since the last time. */
  drain(): StreamEvent[] {
    const cleared = this.#cleared;
    this.#cleared = [];
    return cleared;
  }

  /** What ends an answer that is blocked, in place of its rest. A client that has read nothing yet is told why. */
  blocked(text: string): StreamEvent[] {
    if (this.#choices.size === 0) this.#choice(0);
    const events: StreamEvent[] = [];
    for (const { choice, hasSaid, isFinished } of this.#choices.values()) {
      if (isFinished) continue;
      if (!hasSaid) events.push({ type: 'refusal-delta', choice, text });
      events.push({ type: 'finish', choice, reason: 'content-filter' });
    }
    return events;
  }

  /** Puts the verdicts on the record, once: as much as was looked at counts. */
  tell(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#options.call.screening?.verdicts.push(...this.guards.verdicts, ...this.#toolVerdicts);
  }

  /** One for each tool of which a call waits. */
  get #toolVerdicts(): Verdict[] {
    const tools = new Set(this.#tools.flatMap(({ tool }) => (tool === undefined ? [] : [tool.slice(0, MOST_NAME)])));
    return [...tools].slice(0, MOST_TOOLS).map((tool) => ({
      guard: 'review',
      place: 'tool-arguments',
      outcome: 'review',
      micros: 0,
      ofAnswer: true,
      detail: { tool },
    }));
  }

  *#take(events: readonly StreamEvent[]): Steps {
    for (const event of events) {
      if (this.stop) return;
      if ('choice' in event) yield* this.#choice(event.choice).read(event);
      else if (event.type === 'end') yield* this.#last(event);
      else this.#cleared.push(event);
      if (event.type === 'usage') this.usage = this.usage ? mergeUsage(this.usage, event.usage) : event.usage;
    }
  }

  *#last(event: StreamEvent): Steps {
    yield* this.#close();
    if (!this.stop) this.#cleared.push(event);
  }

  *#end(): Steps {
    yield* this.#close();
    if (this.stop) return;
    for (const choice of this.#choices.values()) yield* choice.askLate();
  }

  *#close(): Steps {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const choice of this.#choices.values()) if (!choice.isFinished && !this.stop) yield* choice.close();
  }

  #choice(at: number): ChoiceScreen {
    let choice = this.#choices.get(at);
    if (!choice) {
      choice = new ChoiceScreen(at, this.#context);
      this.#choices.set(at, choice);
    }
    return choice;
  }
}

/** Whether what is said is JSON, as far as the request can be read. */
function asksJson(call: Call): boolean {
  if (call.operation !== 'chat') return false;
  try {
    return call.inference.responseFormat !== undefined;
  } catch {
    return false;
  }
}
