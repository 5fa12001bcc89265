import { header } from '../../core/call.ts';
import type { EmbeddingBounds, Embedder, Provider } from '../providers/provider.ts';
import type { Transport } from '../transport/transport.ts';
import type { BatchTarget, Piece } from './batch.ts';
import { Group } from './group.ts';
import type { EmbeddingsSettings } from './settings.ts';

/**
 * Joins requests for embeddings that come at the same time. One that finds no other under way leaves with the turn of
 * the event loop; others wait for the window, a full batch, or a free place, whichever comes first.
 */
export class EmbeddingBatcher {
  readonly #settings: () => EmbeddingsSettings;
  /**
   * By the connections that they go over, so that those of a configuration that was replaced go with it, and those of
   * all keys of a provider are found by it.
   */
  readonly #groups = new WeakMap<Transport, Map<string, Group>>();
  readonly #onIdle = new WeakMap<Transport, () => void>();

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
    const group = this.#groupOf(target, first);
    group.add(pieces);
    return () => group.withdraw(pieces);
  }

  /** Resolves once nothing waits to go to the provider, or is under way; it may then be closed. */
  idle({ transport }: Provider): Promise<void> {
    if (!this.#groups.get(transport)?.size) return Promise.resolve();
    return new Promise((resolve) => void this.#onIdle.set(transport, resolve));
  }

  #groupOf(target: BatchTarget, piece: Piece): Group {
    const { provider, embedder, model } = target;
    const { transport, keyId = '' } = provider;
    let groups = this.#groups.get(transport);
    if (!groups) {
      groups = new Map();
      this.#groups.set(transport, groups);
    }
    const isAlone = !isJoinable(piece) || embedder.isWhole?.(piece.embedding);
    const key = `${keyId} ${isAlone ? piece.call.id : joinKey(model, piece)}`;
    const there = groups.get(key);
    if (there) return there;
    const group = this.#open(target, key, groups);
    groups.set(key, group);
    return group;
  }

  #open(target: BatchTarget, key: string, groups: Map<string, Group>): Group {
    return new Group({
      target,
      settings: this.#settings,
      bounds: () => this.boundsOf(target.embedder, target.model),
      emptied: (group) => {
        if (groups.get(key) === group) groups.delete(key);
        if (groups.size === 0) this.#onIdle.get(target.provider.transport)?.();
      },
    });
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
