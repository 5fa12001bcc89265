/**
 * Work that mostly has nothing to wait for, and then is done at once: a generator that gives what it waits for, and goes
 * on when that is there. What it gives never rejects.
 */
export type Steps<Result = void> = Generator<Promise<unknown>, Result, void>;

/** Does the work; undefined where it is done already. */
export function runSteps(steps: Steps): Promise<void> | undefined {
  const first = steps.next();
  return first.done ? undefined : finish(steps, first.value);
}

async function finish(steps: Steps, first: Promise<unknown>): Promise<void> {
  for (let waited = first; ;) {
    await waited;
    const next = steps.next();
    if (next.done) return;
    waited = next.value;
  }
}

/** Lets the event loop do something else before a long work goes on. */
export function otherWork(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setImmediate(resolve);
  return promise;
}

/** Characters of a text that are looked at without a pause. */
const PIECE = 8192;

/** A text in pieces, whole characters each, that are looked at one after the other. Most texts are one piece. */
export function* piecesOf(text: string, size = PIECE): Generator<string, void, void> {
  if (text.length <= size) {
    yield text;
    return;
  }
  for (let from = 0; from < text.length;) {
    const to = wholeEnd(text, Math.min(text.length, from + size));
    yield text.slice(from, to);
    from = to;
  }
}

/** The place itself, or the next one where it lies within a pair of surrogates. */
export function wholeEnd(text: string, at: number): number {
  return isHigh(text, at - 1) && isLow(text, at) ? at + 1 : at;
}

/** The first half of a character. */
export function isHigh(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
