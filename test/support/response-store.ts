import type {
  ChainBounds,
  KeptTurn,
  Reader,
  ResponseStore,
  StoredResponse,
} from '../../src/pipeline/stored-responses/stored-response.ts';
import { bytesOf } from '../../src/pipeline/stored-responses/stored-response.ts';

/** A store in memory, that can be made to fail. */
export class MemoryResponseStore implements ResponseStore {
  readonly rows = new Map<string, StoredResponse>();
  /** Thrown by every call, where it is set. */
  failure: Error | undefined;
  /** What every write waits for. */
  writable: Promise<void> = Promise.resolve();
  adds = 0;

  async add(responses: readonly StoredResponse[]): Promise<void> {
    this.adds += 1;
    await this.writable;
    await this.#ask();
    for (const response of responses) if (!this.rows.has(response.id)) this.rows.set(response.id, response);
  }

  async find(ids: readonly string[], reader: Reader): Promise<KeptTurn[]> {
    await this.#ask();
    return ids.flatMap((id) => this.#read(id, reader) ?? []);
  }

  async chain(id: string, reader: Reader, { turns, bytes }: ChainBounds): Promise<KeptTurn[]> {
    await this.#ask();
    const found: StoredResponse[] = [];
    let total = 0;
    for (let next: string | undefined = id; next !== undefined && found.length <= turns && total <= bytes;) {
      const row = this.#read(next, reader);
      if (!row) break;
      found.push(row);
      total += bytesOf(row);
      next = row.previousId;
    }
    return found;
  }

  async remove(id: string, project: string): Promise<boolean> {
    await this.#ask();
    return this.rows.get(id)?.project === project && this.rows.delete(id);
  }

  async expire(now: number, most: number): Promise<number> {
    await this.#ask();
    const over = [...this.rows.values()].filter(({ expiresAt }) => expiresAt <= now).slice(0, most);
    for (const { id } of over) this.rows.delete(id);
    return over.length;
  }

  async #ask(): Promise<void> {
    await Promise.resolve();
    if (this.failure) throw this.failure;
  }

  #read(id: string, { project, now }: Reader): StoredResponse | undefined {
    const row = this.rows.get(id);
    return row?.project === project && row.expiresAt > now ? row : undefined;
  }
}
