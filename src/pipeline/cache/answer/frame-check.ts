import type { Dialect } from '../../../core/call.ts';
import { type Json, isJsonObject, parseJson } from '../../../core/json.ts';
import { FrameShape, type TextPlace } from '../../../models/transport/frame-shape.ts';
import { SseSplitter } from '../../../models/transport/sse.ts';
import { KNOWN_IN_FRAMES } from './known-members.ts';
import { fits } from './members.ts';

/** Where frames say their texts: all of these may be any text at all, and what is ignored anything at all. */
const PLACES: Readonly<Record<Dialect, readonly TextPlace[]>> = {
  openai: ['content', 'reasoning_content'].map((name) => ({
    path: ['choices', 0, 'delta', name],
    ignored: ['id', 'created', 'obfuscation'],
  })),
  responses: [],
  anthropic: ['text', 'thinking', 'partial_json'].map((name) => ({ path: ['delta', name], ignored: [] })),
  gemini: [],
};

/** Forms of frames that are looked for in one stream, and that are remembered of others. */
const MOST_LEARNED = 8;
const MOST_REMEMBERED = 8;
/** Of frames in which all is known, those that were met last first. */
const REMEMBERED: Record<Dialect, readonly FrameShape[]> = { openai: [], responses: [], anthropic: [], gemini: [] };

/**
 * Whether all is known that a stream says, read by read. Most frames are like one before but for a text, and are known
 * with it.
 */
export class FrameCheck {
  readonly #dialect: Dialect;
  readonly #splitter = new SseSplitter();
  #shape: FrameShape | undefined;
  #learned = 0;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** Whether all is known that these bytes say. */
  isKnown(bytes: Uint8Array): boolean {
    const splitter = this.#splitter;
    if (!splitter.begin(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) return true;
    let isKnown = true;
    while (isKnown) {
      if (this.#shape) splitter.skipTo(this.#shape.run(splitter.bytes, splitter.at));
      const start = splitter.at;
      const frame = splitter.next();
      if (!frame) break;
      isKnown = this.#isKnownFrame(splitter.bytes, start, frame.end, frame.data);
    }
    splitter.finish();
    return isKnown;
  }

  #isKnownFrame(bytes: Buffer, start: number, end: number, data: string | undefined): boolean {
    if (data === undefined || data === '[DONE]') return true;
    const remembered = REMEMBERED[this.#dialect].find((shape) => shape.fits(bytes, start, end));
    if (remembered) {
      this.#shape = remembered;
      return true;
    }
    const said = parseJson(data);
    if (said === undefined || !fits(said, KNOWN_IN_FRAMES[this.#dialect])) return false;
    this.#learn(bytes, start, end, said);
    return true;
  }

  #learn(bytes: Buffer, start: number, end: number, said: Json): void {
    if (this.#learned >= MOST_LEARNED) return;
    const place = PLACES[this.#dialect].find(({ path }) => isText(said, path));
    if (!place) return;
    this.#learned += 1;
    const shape = FrameShape.of(bytes, start, end, place);
    if (!shape) return;
    this.#shape = shape;
    REMEMBERED[this.#dialect] = [shape, ...REMEMBERED[this.#dialect].slice(0, MOST_REMEMBERED - 1)];
  }
}

/** A text that says something. */
function isText(said: Json, path: TextPlace['path']): boolean {
  let value: Json | undefined = said;
  for (const step of path) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = isJsonObject(value) ? value[step] : undefined;
  }
  return typeof value === 'string' && value !== '';
}
