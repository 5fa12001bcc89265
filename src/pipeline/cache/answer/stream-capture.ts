import { AlikeFrames } from '../../../core/alike-frames.ts';
import type { Call } from '../../../core/call.ts';
import { GatheredEvents } from '../../../core/gathered-events.ts';
import type { StreamItem } from '../../../core/reply.ts';
import { isFaultless } from './faultless.ts';
import { EVENT_STREAM, inferenceOf, isVerbatimOnly } from './form.ts';
import { FrameCheck } from './frame-check.ts';
import { isPlainRequest } from './plain-request.ts';
import { endsAsSaid } from './said.ts';
import { hasSources } from './sources.ts';
import type { AnswerContent } from './stored-answer.ts';

export interface StreamKind {
  /** It comes without bytes: its events are all there is. */
  readonly translated: boolean;
  readonly rewritten: boolean;
  /** Bytes of frames, or characters of texts, that are held at most. */
  readonly most: number;
}

/** Bytes of frames that are held although events say it all so far, for what may come in the end. */
const HELD_BESIDE = 128 * 1024;

/**
 * Holds what goes by of a stream, so that it can be given again: what it says, in few events, or, where they lose
 * something, its frames.
 */
export class StreamCapture {
  readonly #call: Call;
  readonly #kind: StreamKind;
  readonly #gathered: GatheredEvents;
  readonly #check: FrameCheck;
  readonly #mostBeside: number;
  /** Events say all so far. */
  #isSaid: boolean;
  /** Undefined where they are too many. */
  #frames: AlikeFrames | undefined = new AlikeFrames();
  #isLost = false;

  constructor(call: Call, kind: StreamKind) {
    this.#call = call;
    this.#kind = kind;
    this.#gathered = new GatheredEvents(kind.most);
    this.#check = new FrameCheck(call.dialect);
    // The last frame of a response has it all, with ids that go with it.
    this.#isSaid = kind.translated || !(isVerbatimOnly(call) || call.dialect === 'responses');
    this.#mostBeside = mayStopAtWords(call) ? kind.most : Math.min(HELD_BESIDE, kind.most);
  }

  add({ events, bytes }: StreamItem): void {
    if (this.#isLost) return;
    this.#gathered.add(events);
    const isOther = events.some(({ type }) => type === 'other-content');
    if (this.#kind.translated) this.#isLost = isOther;
    else if (bytes) {
      this.#isSaid &&= !isOther && this.#check.isKnown(bytes);
      this.#hold(bytes);
    }
    this.#isLost ||= this.#gathered.isOver || (!this.#isSaid && !this.#frames);
    if (this.#isLost) this.#frames = undefined;
  }

  /** What is kept of it now that it is complete; undefined where it is none that may be given again. */
  content(): AnswerContent | undefined {
    const { translated, rewritten } = this.#kind;
    const events = this.#gathered.all;
    if (this.#isLost || !events || !isFaultless(events)) return undefined;
    if (translated || (this.#isSaid && endsAsSaid(this.#call.dialect, events))) {
      return { kind: 'events', events, rewritten: rewritten || !translated };
    }
    const body = this.#frames?.all();
    return !body || hasSources(EVENT_STREAM, body) ? undefined : { kind: 'bytes', contentType: EVENT_STREAM, body };
  }

  #hold(bytes: Uint8Array): void {
    const frames = this.#frames;
    if (!frames) return;
    if (frames.bytes + bytes.byteLength > (this.#isSaid ? this.#mostBeside : this.#kind.most)) this.#frames = undefined;
    else frames.add(bytes);
  }
}

/** Only its last frame says whether it did, and at which; our events do not. */
function mayStopAtWords(call: Call): boolean {
  return !isPlainRequest(call) && (inferenceOf(call)?.stop?.length ?? 0) > 0;
}
