import type { StreamEvent } from '../../../core/events.ts';
import { type Usage, addUsage, mergeUsage } from '../../../core/usage.ts';
import type { SaidSoFar } from './said-so-far.ts';
import type { Seam } from './seam.ts';

type Proof = Extract<StreamEvent, { type: 'reasoning-signature' }>;

/**
 * The events of a second answer as the rest of the first: its text goes on in the same part, what follows gets indexes
 * of its own, and it neither begins nor thinks aloud once more.
 *
 * The usage that a client is shown is that of both attempts together, since both are billed: the prompt twice, and the
 * text so far as output of the first and input of the second. The ledger has each for itself.
 */
export class ContinuedEvents {
  readonly #said: Pick<SaidSoFar, 'textIndex' | 'nextIndex'>;
  readonly #seam: Seam;
  readonly #before: Usage | undefined;
  #usage: Usage | undefined;
  /** The second answer's index of the text that goes on. */
  #text: number | undefined;
  readonly #thoughts = new Set<number>();
  #proof: Proof | undefined;

  /** @param before what the first attempt used */
  constructor(said: Pick<SaidSoFar, 'textIndex' | 'nextIndex'>, seam: Seam, before: Usage | undefined) {
    this.#said = said;
    this.#seam = seam;
    this.#before = before;
  }

  /** Of both attempts. */
  get usage(): Usage | undefined {
    return this.#before && this.#usage ? addUsage(this.#before, this.#usage) : (this.#usage ?? this.#before);
  }

  /** In the order of the stream. */
  apply(events: readonly StreamEvent[]): StreamEvent[] {
    return events.flatMap((event) => this.#read(event));
  }

  /** What still waits where the stream breaks off. */
  end(): StreamEvent[] {
    return this.#textOf(this.#seam.end());
  }

  #read(event: StreamEvent): StreamEvent[] {
    switch (event.type) {
      case 'message-start':
      case 'error':
        return [];
      case 'text-delta':
        return this.#say(event);
      case 'reasoning-delta':
        this.#thoughts.add(event.index);
        return [];
      case 'reasoning-signature':
        this.#proof = event.redacted || this.#thoughts.has(event.index) ? undefined : event;
        return [];
      case 'usage':
        return this.#use(event.usage);
      case 'end':
        return [event];
      default:
        return [...this.end(), ...this.#follow(event)];
    }
  }

  #say(event: Extract<StreamEvent, { type: 'text-delta' }>): StreamEvent[] {
    this.#text ??= event.index;
    this.#proof = undefined;
    if (event.index === this.#text) return this.#textOf(this.#seam.add(event.text));
    return [...this.end(), this.#renumbered(event)];
  }

  /** A call's own proof stands right before it. */
  #follow(event: Extract<StreamEvent, { readonly choice: number }>): StreamEvent[] {
    const proof = event.type === 'tool-call-start' ? this.#proof : undefined;
    this.#proof = undefined;
    const shown = 'index' in event ? this.#renumbered(event) : event;
    return proof ? [this.#renumbered(proof), shown] : [shown];
  }

  #use(usage: Usage): StreamEvent[] {
    this.#usage = this.#usage ? mergeUsage(this.#usage, usage) : usage;
    const all = this.usage;
    return all ? [{ type: 'usage', usage: all }] : [];
  }

  #textOf(text: string): StreamEvent[] {
    return text === '' ? [] : [{ type: 'text-delta', choice: 0, index: this.#said.textIndex, text }];
  }

  #renumbered<Event extends { readonly index: number }>(event: Event): Event {
    return { ...event, index: event.index + this.#said.nextIndex };
  }
}
