/** An answer that is kept for its project. */
export interface StoredResponse {
  readonly id: string;
  readonly project: string;
  readonly keyId: string;
  readonly model: string;
  /** The one that it continues. */
  readonly previousId: string | undefined;
  /** JSON of the request's own items. */
  readonly input: string;
  /** JSON of the response, as the client got it. */
  readonly response: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What is read of one to go on from it. */
export type KeptTurn = Pick<StoredResponse, 'id' | 'previousId' | 'input' | 'response'>;

/** Of whom, and which ones are over. */
export interface Reader {
  readonly project: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A conversation longer than this is not read. */
export interface ChainBounds {
  readonly turns: number;
  readonly bytes: number;
}

/** Where answers are kept. Every call throws storage_unavailable where the database does not answer. */
export interface ResponseStore {
  /** What is there already stays. */
  add(responses: readonly StoredResponse[]): Promise<void>;
  find(ids: readonly string[], reader: Reader): Promise<KeptTurn[]>;
  /** The one with this id and those that it continues, the newest first, up to the first that is beyond a bound. */
  chain(id: string, reader: Reader, bounds: ChainBounds): Promise<KeptTurn[]>;
  /** Whether there was one. */
  remove(id: string, project: string): Promise<boolean>;
  /** Deletes some of those that are over. @returns how many */
  expire(now: number, most: number): Promise<number>;
}

export function bytesOf({ input, response }: Pick<StoredResponse, 'input' | 'response'>): number {
  return Buffer.byteLength(input) + Buffer.byteLength(response);
}
