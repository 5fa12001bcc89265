import type { GatewayError } from '../../core/errors.ts';
import type { StreamEvent } from '../../core/events.ts';
import type { FrameReading, StreamReader } from '../../models/providers/provider.ts';
import { FrameShape, type TextPlace } from '../../models/transport/frame-shape.ts';
import type { FrameSplitter, PlacedFrame } from '../../models/transport/frames.ts';
import { SseSplitter } from '../../models/transport/sse.ts';

type Delta = Extract<StreamEvent, { readonly text: string } | { readonly argumentsText: string }>;

/** Frames that each have a form of their own are stepped, and no more forms are looked for in the stream. */
const MOST_LEARNED = 8;
/** Of those that have told frames before, for streams of one model have the same; the last learned first. */
const MOST_KNOWN = 8;
const KNOWN = new WeakMap<TextPlace, FrameShape[]>();

/** What came with one read. */
export interface Tapped {
  /** Whole frames as they came, but for those that were asked for by us. */
  readonly shown: Buffer | undefined;
  readonly events: readonly StreamEvent[];
  /** Nothing after it is read. */
  readonly failure: GatewayError | undefined;
}

const NOTHING: Tapped = { shown: undefined, events: [], failure: undefined };
const NO_READING: FrameReading = { events: [], hidden: false };

/**
 * Reads a provider's stream on its way by. Most frames of one are pieces of a text that differ in nothing else: after the
 * first of them the others are told by their bytes, without a look at their JSON, and what they say is one event a read.
 */
export class StreamTap {
  readonly #reader: StreamReader;
  /** Of a stream that is no server-sent events. */
  readonly #splitter: FrameSplitter | undefined;
  readonly #sse = new SseSplitter();
  readonly #joins: boolean;
  #shape: FrameShape | undefined;
  /** It has told no frame yet. */
  #isNew = false;
  #learned = 0;
  #place: TextPlace | undefined;
  /** What frames of the shape say, but for their texts; undefined after any other frame. */
  #like: Delta | undefined;
  #events: StreamEvent[] = [];
  #shown: Buffer[] = [];
  /** Of what is shown and was not taken yet. */
  #from = 0;
  #to = 0;
  #failure: GatewayError | undefined;

  /** @param joins texts of one read may be one event: who is told of them does not write them anew */
  constructor(reader: StreamReader, splitter: FrameSplitter | undefined, joins: boolean) {
    this.#reader = reader;
    this.#splitter = splitter;
    this.#joins = joins;
  }

  /** Whether the answer is all there. */
  get complete(): boolean {
    return this.#reader.complete;
  }

  /** @throws provider_bad_response */
  take(chunk: Buffer): Tapped {
    if (this.#splitter) {
      const { bytes, frames } = this.#splitter.push(chunk);
      return this.#all(bytes, frames);
    }
    return this.#sse.begin(chunk) ? this.#each() : NOTHING;
  }

  /** What is left when the bytes have ended. @throws provider_bad_response */
  flush(): Tapped {
    const { bytes, frames } = (this.#splitter ?? this.#sse).flush();
    return this.#all(bytes, frames);
  }

  #all(bytes: Buffer, frames: readonly PlacedFrame[]): Tapped {
    if (frames.length === 0) return NOTHING;
    this.#start();
    for (const frame of frames) {
      this.#step(frame, bytes);
      if (this.#failure || this.#isOver) break;
    }
    return this.#taken(bytes);
  }

  #each(): Tapped {
    const sse = this.#sse;
    const { bytes } = sse;
    this.#start();
    for (;;) {
      if (this.#like) this.#run(bytes, this.#like);
      const frame = sse.next();
      if (!frame) break;
      const events = this.#step(frame, bytes);
      if (this.#failure || this.#isOver) break;
      if (this.#joins) this.#compare(bytes, frame, events);
    }
    sse.finish();
    return this.#taken(bytes);
  }

  #start(): void {
    this.#events = [];
    this.#shown = [];
    this.#from = 0;
    this.#to = 0;
    this.#failure = undefined;
  }

  /** The provider has said that nothing more comes. */
  get #isOver(): boolean {
    return this.#events.at(-1)?.type === 'end' && this.#reader.complete;
  }

  #taken(bytes: Buffer): Tapped {
    this.#show(bytes, this.#from, this.#to);
    return { shown: joined(this.#shown), events: this.#events, failure: this.#failure };
  }

  #show(bytes: Buffer, from: number, to: number): void {
    if (to > from) this.#shown.push(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
  }

  /** Frames like the last one. */
  #run(bytes: Buffer, like: Delta): void {
    const shape = this.#shape;
    const { at } = this.#sse;
    const end = shape?.run(bytes, at) ?? at;
    if (!shape || end === at) return;
    if (this.#isNew) this.#known(shape);
    this.#sse.skipTo(end);
    this.#to = end;
    const { text } = shape;
    if (text !== '') this.#events.push('text' in like ? { ...like, text } : { ...like, argumentsText: text });
  }

  #step({ start, end, event, data }: PlacedFrame, bytes: Buffer): readonly StreamEvent[] {
    if (data !== undefined) this.#like = undefined;
    const { events, hidden } = data === undefined ? NO_READING : this.#reader.step({ event, data });
    this.#failure = errorOf(events);
    if (this.#failure) {
      // What it used up to there is billed all the same.
      this.#events.push(...events.filter(({ type }) => type === 'usage'));
      return events;
    }
    if (hidden) {
      this.#show(bytes, this.#from, start);
      this.#from = end;
    }
    this.#to = end;
    this.#events.push(...events);
    return events;
  }

  /** Whether frames like this one can be told by their bytes. */
  #compare(bytes: Buffer, frame: PlacedFrame, [event]: readonly StreamEvent[]): void {
    const place = this.#reader.textPlace;
    if (!place || !event || !isDelta(event)) return;
    if (!this.#shape?.fits(bytes, frame.start, frame.end)) this.#find(bytes, frame, place);
    if (this.#shape) this.#like = event;
  }

  #find(bytes: Buffer, { start, end }: PlacedFrame, place: TextPlace): void {
    this.#place = place;
    this.#isNew = false;
    this.#shape = KNOWN.get(place)?.find((one) => one.fits(bytes, start, end));
    if (this.#shape || this.#learned >= MOST_LEARNED) return;
    this.#learned += 1;
    this.#isNew = true;
    this.#shape = FrameShape.of(bytes, start, end, place);
  }

  #known(shape: FrameShape): void {
    this.#isNew = false;
    if (!this.#place) return;
    const known = KNOWN.get(this.#place) ?? [];
    KNOWN.set(this.#place, [shape, ...known.slice(0, MOST_KNOWN - 1)]);
  }
}

function isDelta(event: StreamEvent): event is Delta {
  return 'text' in event || 'argumentsText' in event;
}

function errorOf(events: readonly StreamEvent[]): GatewayError | undefined {
  for (const event of events) if (event.type === 'error') return event.error;
  return undefined;
}

function joined(shown: readonly Buffer[]): Buffer | undefined {
  const [first] = shown;
  return first === undefined || shown.length === 1 ? first : Buffer.concat(shown);
}
