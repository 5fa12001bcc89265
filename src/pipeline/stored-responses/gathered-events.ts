import type { StreamEvent } from '../../core/events.ts';

/** An answer of more characters than this is not kept. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

type Delta = Extract<StreamEvent, { readonly text: string } | { readonly argumentsText: string }>;

/** The events of a stream, with pieces of one text put together, so that a long answer is not a million objects. */
export class GatheredEvents {
  #events: StreamEvent[] = [];
  #characters = 0;

  /** Undefined where they are too many. */
  get all(): readonly StreamEvent[] | undefined {
    return this.#characters > MOST_CHARACTERS ? undefined : this.#events;
  }

  add(events: readonly StreamEvent[]): void {
    for (const event of events) this.#add(event);
  }

  #add(event: StreamEvent): void {
    this.#characters += isDelta(event) ? textOf(event).length : 1;
    if (this.#characters > MOST_CHARACTERS) {
      this.#events = [];
      return;
    }
    const last = this.#events.at(-1);
    const joined = last && isDelta(last) && isDelta(event) ? join(last, event) : undefined;
    if (joined) this.#events[this.#events.length - 1] = joined;
    else this.#events.push(event);
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
