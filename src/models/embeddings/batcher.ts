import { header } from '../../core/call.ts';
import type { EmbeddingBounds, Embedder, Provider } from '../providers/provider.ts';
import { Batch, type BatchTarget, type Piece } from './batch.ts';
import type { EmbeddingsSettings } from './settings.ts';

/** Requests that may go upstream as one: same target, same options, and our own credentials. */
interface Group {
  readonly target: BatchTarget;
  readonly bounds: EmbeddingBounds;
  readonly waiting: Piece[];
  readonly running: Set<Batch>;
  /** Where each piece is that is no longer waiting. */
  readonly batchOf: Map<Piece, Batch>;
  timer: NodeJS.Timeout | undefined;
  /** A look at what is waiting is due at the end of this turn of the event loop. */
  isDue: boolean;
}

/** A group, and where it is kept. */
interface Place {
  readonly group: Group;
  readonly groups: Map<string, Group>;
  readonly key: string;
}

/**
 * Joins requests for embeddings that come at the same time. One that finds no other under way leaves with the turn of
 * the event loop; others wait for the window, a full batch, or a free place, whichever comes first.
 */
export class EmbeddingBatcher {
  readonly #settings: () => EmbeddingsSettings;
  /** By provider, so that those of a configuration that was replaced go with it. */
  readonly #groups = new WeakMap<Provider, Map<string, Group>>();

  constructor(settings: () => EmbeddingsSettings) {
    this.#settings = settings;
  }

  /** Whether requests wait for others at all. */
  get joins(): boolean {
    return this.#settings().window > 0;
  }

  /** The most of one upstream request for the model. */
  boundsOf(embedder: Embedder, model: string): EmbeddingBounds {
    const { batchSize, batchTokens } = this.#settings();
    const own = embedder.bounds(model);
    const tokens = Math.min(own.tokens ?? Number.POSITIVE_INFINITY, batchTokens ?? Number.POSITIVE_INFINITY);
    return {
      inputs: Math.min(own.inputs, batchSize ?? own.inputs),
      tokens: Number.isFinite(tokens) ? tokens : undefined,
    };
  }

  /** Takes pieces of one request. @returns withdraws those that have no answer yet */
  submit(target: BatchTarget, pieces: readonly Piece[]): () => void {
    const [first] = pieces;
    if (!first) return () => {};
    const { key, groups } = this.#groupsOf(target, first);
    const group = groups.get(key) ?? this.#open(target, groups, key);
    group.waiting.push(...pieces);
    this.#schedule({ group, groups, key });
    return () => this.#withdraw(group, pieces);
  }

  #groupsOf({ provider, embedder, model }: BatchTarget, piece: Piece): { key: string; groups: Map<string, Group> } {
    let groups = this.#groups.get(provider);
    if (!groups) {
      groups = new Map();
      this.#groups.set(provider, groups);
    }
    const isAlone = !isJoinable(piece) || embedder.isWhole?.(piece.embedding);
    return { key: isAlone ? piece.call.id : joinKey(model, piece), groups };
  }

  #open(target: BatchTarget, groups: Map<string, Group>, key: string): Group {
    const group: Group = {
      target,
      bounds: this.boundsOf(target.embedder, target.model),
      waiting: [],
      running: new Set(),
      batchOf: new Map(),
      timer: undefined,
      isDue: false,
    };
    groups.set(key, group);
    return group;
  }

  #schedule(place: Place): void {
    const { group } = place;
    const { window } = this.#settings();
    if (group.running.size === 0 || window === 0 || isFull(group)) {
      if (group.isDue) return;
      group.isDue = true;
      setImmediate(() => {
        group.isDue = false;
        this.#send(place);
      });
      return;
    }
    group.timer ??= setTimeout(() => this.#send(place), window);
  }

  #send(place: Place): void {
    const { group } = place;
    clearTimeout(group.timer);
    group.timer = undefined;
    const { parallel } = this.#settings();
    while (group.waiting.length > 0 && group.running.size < parallel) {
      const pieces = takeBatch(group);
      const batch = new Batch(group.target, pieces);
      group.running.add(batch);
      for (const piece of pieces) group.batchOf.set(piece, batch);
      void this.#run(batch, pieces, place);
    }
  }

  async #run(batch: Batch, pieces: readonly Piece[], { group, groups, key }: Place): Promise<void> {
    await batch.run();
    group.running.delete(batch);
    for (const piece of pieces) group.batchOf.delete(piece);
    if (group.waiting.length > 0) this.#schedule({ group, groups, key });
    else if (group.running.size === 0) groups.delete(key);
  }

  #withdraw(group: Group, pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      const at = group.waiting.indexOf(piece);
      if (at >= 0) group.waiting.splice(at, 1);
      else group.batchOf.get(piece)?.withdraw(piece);
    }
  }
}

/** What a client's own credential or wish for a simulator pays for is not another's. */
function isJoinable({ call }: Piece): boolean {
  return !call.assignment?.passThroughCredentials && header(call, 'x-causeway-simulate') === undefined;
}

function joinKey(model: string, { call, embedding }: Piece): string {
  const { inputs: _inputs, ...options } = embedding;
  return JSON.stringify([model, call.dialect, options, call.assignment?.timeouts]);
}

function isFull({ waiting, bounds }: Group): boolean {
  let inputs = 0;
  let tokens = 0;
  for (const piece of waiting) {
    inputs += piece.inputs.length;
    tokens += piece.tokens;
  }
  return inputs >= bounds.inputs || (bounds.tokens !== undefined && tokens >= bounds.tokens);
}

/** From the front, as many as fit; at least one. */
function takeBatch({ waiting, bounds }: Group): Piece[] {
  let inputs = 0;
  let tokens = 0;
  let count = 0;
  for (const piece of waiting) {
    inputs += piece.inputs.length;
    tokens += piece.tokens;
    const isOver = inputs > bounds.inputs || (bounds.tokens !== undefined && tokens > bounds.tokens);
    if (isOver && count > 0) break;
    count += 1;
  }
  return waiting.splice(0, count);
}
