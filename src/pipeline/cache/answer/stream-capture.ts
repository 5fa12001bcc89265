import type { Call } from '../../../core/call.ts';
import { type StreamEvent, isContentEvent } from '../../../core/events.ts';
import { GatheredEvents } from '../../../core/gathered-events.ts';
import type { StreamItem } from '../../../core/reply.ts';
import { isFaultless } from './faultless.ts';
import { EVENT_STREAM, isVerbatimOnly, sayAll } from './form.ts';
import type { AnswerContent } from './stored-answer.ts';

export interface StreamKind {
  /** It comes without bytes: its events are all there is. */
  readonly translated: boolean;
  readonly rewritten: boolean;
  /** Bytes of frames, or characters of texts, that are held at most. */
  readonly most: number;
}

/**
 * How a stream is kept. `undecided`: its frames are held until its first content shows whether its events say all; they
 * take a fraction of what the frames take.
 */
type Mode = 'undecided' | 'events' | 'frames' | 'nothing';

/** Holds what goes by of a stream, so that it can be given again. */
export class StreamCapture {
  readonly #call: Call;
  readonly #kind: StreamKind;
  readonly #gathered: GatheredEvents;
  #mode: Mode;
  #frames: Uint8Array[] = [];
  #bytes = 0;

  constructor(call: Call, kind: StreamKind) {
    this.#call = call;
    this.#kind = kind;
    this.#gathered = new GatheredEvents(kind.most);
    if (kind.translated) this.#mode = 'events';
    else this.#mode = isVerbatimOnly(call) ? 'frames' : 'undecided';
  }

  add({ events, bytes }: StreamItem): void {
    if (this.#mode === 'nothing') return;
    this.#gathered.add(events);
    if (this.#mode === 'undecided') this.#mode = this.#decide(events, bytes);
    // In the middle of an answer: citations, say. Its frames are not held any more.
    else if (this.#mode === 'events' && !this.#isSaid(events, bytes)) this.#mode = 'nothing';
    if (this.#mode === 'events') this.#frames = [];
    else if (bytes) this.#hold(bytes);
    if (this.#gathered.isOver || this.#mode === 'nothing') this.#drop();
  }

  /** What is kept of it now that it is complete; undefined where it is none that may be given again. */
  content(): AnswerContent | undefined {
    const events = this.#gathered.all;
    if (this.#mode === 'nothing' || !events || !isFaultless(events)) return undefined;
    if (this.#mode === 'frames') return { kind: 'bytes', contentType: EVENT_STREAM, body: Buffer.concat(this.#frames) };
    return { kind: 'events', events, rewritten: this.#kind.rewritten || !this.#kind.translated };
  }

  #decide(events: readonly StreamEvent[], bytes: Uint8Array | undefined): Mode {
    if (!events.some(isContentEvent)) return 'undecided';
    return this.#isSaid(events, bytes) ? 'events' : 'frames';
  }

  /** Of a translated answer the events are all there is, but for what they themselves say that they leave out. */
  #isSaid(events: readonly StreamEvent[], bytes: Uint8Array | undefined): boolean {
    if (bytes && !this.#kind.translated) return sayAll(this.#call, events, bytes);
    return !events.some(({ type }) => type === 'other-content');
  }

  #hold(bytes: Uint8Array): void {
    this.#bytes += bytes.byteLength;
    this.#frames.push(bytes);
    if (this.#bytes > this.#kind.most) this.#mode = 'nothing';
  }

  #drop(): void {
    this.#mode = 'nothing';
    this.#frames = [];
  }
}
