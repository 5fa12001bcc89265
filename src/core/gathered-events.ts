import type { StreamEvent } from './events.ts';
import { mergeUsage } from './usage.ts';

/** An answer of more characters than this is not kept, unless the caller says otherwise. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** What an event takes beside its text. */
const EVENT_CHARACTERS = 1;

type Delta = Extract<StreamEvent, { readonly text: string } | { readonly argumentsText: string }>;

/**
 * The events of a stream, with pieces of one text put together, so that a long answer is not a million objects. The
 * order within each choice is kept; choices that come in turn are not.
 */
export class GatheredEvents {
  readonly #most: number;
  #events: StreamEvent[] = [];
  #characters = 0;
  /** Where the last event of each choice stands. */
  readonly #lastOf = new Map<number, number>();
  /** Where the usage stands: how it began, and what it came to. */
  #usageAt: number[] = [];

  /** @param most characters that are held, at most */
  constructor(most = MOST_CHARACTERS) {
    this.#most = most;
  }

  /** Undefined where they are too many. */
  get all(): readonly StreamEvent[] | undefined {
    return this.isOver ? undefined : this.#events;
  }

  /** Too many came, so that none is held. */
  get isOver(): boolean {
    return this.#characters > this.#most;
  }

  add(events: readonly StreamEvent[]): void {
    for (const event of events) this.#add(event);
  }

  #add(event: StreamEvent): void {
    this.#characters += isDelta(event) ? textOf(event).length : EVENT_CHARACTERS;
    if (this.isOver) {
      this.#events = [];
      return;
    }
    if (event.type === 'usage') this.#addUsage(event);
    else if ('choice' in event) this.#addOfChoice(event);
    else this.#events.push(event);
  }

  /** Some providers report all tokens so far with every piece. */
  #addUsage(event: Extract<StreamEvent, { readonly type: 'usage' }>): void {
    const [, at] = this.#usageAt;
    const last = at === undefined ? undefined : this.#events[at];
    if (at !== undefined && last?.type === 'usage') {
      this.#events[at] = { type: 'usage', usage: mergeUsage(last.usage, event.usage) };
    } else this.#usageAt.push(this.#events.push(event) - 1);
  }

  #addOfChoice(event: Extract<StreamEvent, { readonly choice: number }>): void {
    const at = this.#lastOf.get(event.choice);
    const last = at === undefined ? undefined : this.#events[at];
    const joined = last && isDelta(last) && isDelta(event) ? join(last, event) : undefined;
    if (joined && at !== undefined) this.#events[at] = joined;
    else this.#lastOf.set(event.choice, this.#events.push(event) - 1);
  }
}

function isDelta(event: StreamEvent): event is Delta {
  return 'text' in event || 'argumentsText' in event;
}

function textOf(event: Delta): string {
  return 'text' in event ? event.text : event.argumentsText;
}

/** Undefined where they are of different parts. */
function join(a: Delta, b: Delta): StreamEvent | undefined {
  if (a.type !== b.type || a.choice !== b.choice || indexOf(a) !== indexOf(b)) return undefined;
  const text = textOf(a) + textOf(b);
  return 'text' in a ? { ...a, text } : { ...a, argumentsText: text };
}

function indexOf(event: Delta): number | undefined {
  return 'index' in event ? event.index : undefined;
}
