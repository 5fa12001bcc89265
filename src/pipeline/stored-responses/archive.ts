import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import {
  type ChainBounds,
  type KeptTurn,
  type ResponseStore,
  type StoredResponse,
  bytesOf,
} from './stored-response.ts';
import type { WriteQueue } from './write-queue.ts';

/** A longer conversation fits no model, and its reading would hold up others. */
const BOUNDS: ChainBounds = { turns: 1000, bytes: 32 * 1024 * 1024 };

/** The kept answers of every project, those that wait to be written first. */
export class ResponseArchive {
  readonly #store: ResponseStore;
  readonly #queue: WriteQueue;
  readonly #clock: Clock;
  readonly #bounds: ChainBounds;
  /** Answers that are going out, and what puts each into the queue. */
  readonly #coming = new Map<string, () => void>();

  constructor(store: ResponseStore, queue: WriteQueue, clock: Clock, bounds: ChainBounds = BOUNDS) {
    this.#store = store;
    this.#queue = queue;
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /**
   * Makes an answer and keeps it after it has gone out, or as soon as a request refers to it: a client may go on before
   * this process has turned to what comes after the sending.
   */
  keepSoon(id: string, make: () => StoredResponse | undefined): void {
    const settle = (): void => {
      if (!this.#coming.delete(id)) return;
      const response = make();
      if (response) this.#queue.add(response);
    };
    this.#coming.set(id, settle);
    setImmediate(settle);
  }

  /**
   * Those of a project under these ids, in no order.
   * @throws storage_unavailable
   */
  async find(project: string, ids: readonly string[]): Promise<KeptTurn[]> {
    const waiting = ids.flatMap((id) => this.#waiting(project, id) ?? []);
    const known = new Set(waiting.map(({ id }) => id));
    const others = ids.filter((id) => !known.has(id));
    return [...waiting, ...(await this.#store.find(others, { project, now: this.#clock.now() }))];
  }

  /**
   * A conversation up to an answer, the oldest first; undefined where it, or one before it, is not kept.
   * @throws storage_unavailable; request_invalid where it is too long
   */
  async conversation(project: string, id: string): Promise<KeptTurn[] | undefined> {
    const turns: KeptTurn[] = [];
    let next: string | undefined = id;
    while (next !== undefined) {
      const waiting = this.#waiting(project, next);
      if (!waiting) break;
      turns.push(waiting);
      next = waiting.previousId;
    }
    if (next !== undefined) {
      turns.push(...(await this.#store.chain(next, { project, now: this.#clock.now() }, this.#bounds)));
    }
    this.#requireBounded(turns);
    const isWhole = turns.length > 0 && turns.at(-1)?.previousId === undefined;
    return isWhole ? turns.toReversed() : undefined;
  }

  /** Whether there was one. @throws storage_unavailable */
  async remove(project: string, id: string): Promise<boolean> {
    const waited = this.#waiting(project, id) !== undefined;
    if (waited) await this.#queue.forget(id);
    return (await this.#store.remove(id, project)) || waited;
  }

  #waiting(project: string, id: string): StoredResponse | undefined {
    this.#coming.get(id)?.();
    const waiting = this.#queue.get(id);
    return waiting?.project === project && waiting.expiresAt > this.#clock.now() ? waiting : undefined;
  }

  #requireBounded(turns: readonly KeptTurn[]): void {
    const bytes = turns.reduce((sum, turn) => sum + bytesOf(turn), 0);
    if (turns.length <= this.#bounds.turns && bytes <= this.#bounds.bytes) return;
    throw new GatewayError('request_invalid', {
      message:
        'The conversation before this request is too long to be continued by its id. ' +
        'Begin a new one with a summary of it as `input`.',
      param: 'previous_response_id',
    });
  }
}
