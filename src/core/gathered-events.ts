import type { StreamEvent } from './events.ts';
import { GrowingText } from './growing-text.ts';
import { mergeUsage } from './usage.ts';

/** An answer of more characters than this is not kept, unless the caller says otherwise. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** What an event counts beside its text. */
const EVENT_CHARACTERS = 1;
/** And what it takes in memory, about. */
const EVENT_BYTES = 200;
const CHARACTER_BYTES = 2;

type Delta = Extract<StreamEvent, { readonly text: string } | { readonly argumentsText: string }>;

/** Pieces of one text. */
interface Growing {
  readonly type: 'growing';
  readonly first: Delta;
  readonly text: GrowingText;
}

/**
 * The events of a stream, with pieces of one text put together, so that a long answer is not a million objects. The
 * order within each choice is kept; choices that come in turn are not.
 */
export class GatheredEvents {
  readonly #most: number;
  #events: (StreamEvent | Growing)[] = [];
  #characters = 0;
  /** The text that was added to last; it is the last of its choice. */
  #growing: Growing | undefined;
  /** What the last event of each other choice is in. */
  readonly #lastOf = new Map<number, StreamEvent | Growing>();
  /** Where the usage stands: how it began, and what it came to. */
  #usageAt: number[] = [];

  /** @param most characters that are held, at most */
  constructor(most = MOST_CHARACTERS) {
    this.#most = most;
  }

  /** As they are now; undefined where they are too many. */
  get all(): readonly StreamEvent[] | undefined {
    return this.isOver ? undefined : this.#events.map(eventOf);
  }

  /** Too many came, so that none is held. */
  get isOver(): boolean {
    return this.#characters > this.#most;
  }

  /** Of memory, about. */
  get bytes(): number {
    return this.isOver ? 0 : CHARACTER_BYTES * this.#characters + EVENT_BYTES * this.#events.length;
  }

  add(events: readonly StreamEvent[]): void {
    for (const event of events) this.#add(event);
  }

  #add(event: StreamEvent): void {
    const isText = isDelta(event);
    this.#characters += isText ? textOf(event).length : EVENT_CHARACTERS;
    if (event.type === 'reasoning-signature') this.#characters += event.signature.length;
    if (this.isOver) {
      this.#letGo();
      return;
    }
    if (isText) this.#addText(event);
    else if (event.type === 'usage') this.#addUsage(event);
    else {
      this.#events.push(event);
      if ('choice' in event) this.#follow(event.choice, event);
    }
  }

  #letGo(): void {
    this.#events = [];
    this.#growing = undefined;
    this.#lastOf.clear();
  }

  /** Some providers report all tokens so far with every piece. */
  #addUsage(event: Extract<StreamEvent, { readonly type: 'usage' }>): void {
    const [, at] = this.#usageAt;
    const last = at === undefined ? undefined : this.#events[at];
    if (at !== undefined && last?.type === 'usage') {
      this.#events[at] = { type: 'usage', usage: mergeUsage(last.usage, event.usage) };
    } else this.#usageAt.push(this.#events.push(event) - 1);
  }

  #addText(event: Delta): void {
    const { choice } = event;
    let growing = this.#growing;
    if (growing?.first.choice !== choice) {
      const last = this.#lastOf.get(choice);
      growing = last?.type === 'growing' ? last : undefined;
    }
    if (!growing || !isMore(growing.first, event)) {
      growing = { type: 'growing', first: event, text: new GrowingText() };
      this.#events.push(growing);
      this.#follow(choice, growing);
    }
    growing.text.add(textOf(event));
    this.#growing = growing;
  }

  #follow(choice: number, last: StreamEvent | Growing): void {
    this.#lastOf.set(choice, last);
    if (this.#growing?.first.choice === choice) this.#growing = undefined;
  }
}

function eventOf(one: StreamEvent | Growing): StreamEvent {
  if (one.type !== 'growing') return one;
  const { text } = one.text;
  return 'text' in one.first ? { ...one.first, text } : { ...one.first, argumentsText: text };
}

function isDelta(event: StreamEvent): event is Delta {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'refusal-delta':
    case 'tool-call-delta':
      return true;
    default:
      return false;
  }
}

function textOf(event: Delta): string {
  return event.type === 'tool-call-delta' ? event.argumentsText : event.text;
}

/** Whether they are of the same part. */
function isMore(a: Delta, b: Delta): boolean {
  return a.type === b.type && indexOf(a) === indexOf(b);
}

function indexOf(event: Delta): number | undefined {
  return event.type === 'refusal-delta' ? undefined : event.index;
}
