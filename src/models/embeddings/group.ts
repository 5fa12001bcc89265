import type { EmbeddingBounds } from '../providers/provider.ts';
import { Batch, type BatchTarget, type Piece } from './batch.ts';
import type { EmbeddingsSettings } from './settings.ts';

/** A refused batch is sent again in so many parts: with four, one bad text of a thousand is alone after five rounds. */
const PARTS = 4;

export interface GroupOptions {
  readonly target: BatchTarget;
  settings(): EmbeddingsSettings;
  /** Of one upstream request. */
  bounds(): EmbeddingBounds;
  /** Nothing of it is left to be sent or answered. */
  emptied(group: Group): void;
}

/** Requests that may go upstream as one: same target, same options, and our own credentials. */
export class Group {
  readonly #options: GroupOptions;
  readonly #waiting = new Set<Piece>();
  #waitingInputs = 0;
  #waitingTokens = 0;
  /** Parts of batches that were refused, which nobody may join. They go first. */
  readonly #apart: Set<Piece>[] = [];
  readonly #running = new Set<Batch>();
  /** Where each piece is that is on its way. */
  readonly #batchOf = new Map<Piece, Batch>();
  #timer: NodeJS.Timeout | undefined;
  /** A look at what is waiting is due at the end of this turn of the event loop. */
  #isDue = false;

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  add(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      this.#waiting.add(piece);
      this.#waitingInputs += piece.inputs.length;
      this.#waitingTokens += piece.tokens;
    }
    this.#schedule();
  }

  withdraw(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      this.#batchOf.get(piece)?.withdraw(piece);
      this.#unqueue(piece);
      for (const part of this.#apart) part.delete(piece);
    }
    this.#checkEmpty();
  }

  /** Where no place is free, the end of one that is under way looks again. */
  #schedule(): void {
    const { window, parallel } = this.#options.settings();
    if (this.#running.size >= parallel) return;
    if (this.#running.size === 0 || window === 0 || this.#isFull()) this.#sendSoon();
    else this.#timer ??= setTimeout(() => this.#send(), window);
  }

  #sendSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#send();
    });
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sendApart();
    while (this.#waiting.size > 0 && this.#hasPlace()) this.#start(this.#take());
  }

  #sendApart(): void {
    while (this.#apart.length > 0 && this.#hasPlace()) {
      const part = this.#apart.shift();
      if (part && part.size > 0) this.#start([...part]);
    }
  }

  #hasPlace(): boolean {
    return this.#running.size < this.#options.settings().parallel;
  }

  #start(pieces: readonly Piece[]): void {
    const batch = new Batch(this.#options.target, pieces);
    this.#running.add(batch);
    for (const piece of pieces) this.#batchOf.set(piece, batch);
    void this.#run(batch, pieces);
  }

  async #run(batch: Batch, pieces: readonly Piece[]): Promise<void> {
    const refused = await batch.run();
    const wasBusy = !this.#hasPlace();
    this.#running.delete(batch);
    for (const piece of pieces) this.#batchOf.delete(piece);
    this.#apart.push(...inParts([...refused]));
    this.#sendApart();
    // What waits for a place has waited long enough; what waits for the window does so until its timer.
    if (this.#waiting.size > 0 && wasBusy) this.#sendSoon();
    else if (this.#waiting.size > 0) this.#schedule();
    else this.#checkEmpty();
  }

  #checkEmpty(): void {
    if (this.#waiting.size > 0 || this.#running.size > 0 || this.#apart.some((part) => part.size > 0)) return;
    clearTimeout(this.#timer);
    this.#options.emptied(this);
  }

  #isFull(): boolean {
    const { inputs, tokens } = this.#options.bounds();
    return this.#waitingInputs >= inputs || (tokens !== undefined && this.#waitingTokens >= tokens);
  }

  /** From the front, as many as fit; at least one. */
  #take(): Piece[] {
    const bounds = this.#options.bounds();
    const taken: Piece[] = [];
    let inputs = 0;
    let tokens = 0;
    for (const piece of this.#waiting) {
      inputs += piece.inputs.length;
      tokens += piece.tokens;
      const isOver = inputs > bounds.inputs || (bounds.tokens !== undefined && tokens > bounds.tokens);
      if (isOver && taken.length > 0) break;
      taken.push(piece);
      this.#unqueue(piece);
    }
    return taken;
  }

  #unqueue(piece: Piece): void {
    if (!this.#waiting.delete(piece)) return;
    this.#waitingInputs -= piece.inputs.length;
    this.#waitingTokens -= piece.tokens;
  }
}

function inParts(pieces: readonly Piece[]): Set<Piece>[] {
  const size = Math.ceil(pieces.length / PARTS);
  const parts: Set<Piece>[] = [];
  for (let from = 0; from < pieces.length; from += size) parts.push(new Set(pieces.slice(from, from + size)));
  return parts;
}
