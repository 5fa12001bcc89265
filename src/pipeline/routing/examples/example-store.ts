import type { Json } from '../../../core/json.ts';
import type { Example } from '../complexity/embedding/example.ts';

/** An example as it is kept. */
export interface KeptExample {
  /** The virtual model. */
  readonly model: string;
  readonly example: Example;
  readonly source: 'admin' | 'feedback' | 'evaluation';
  readonly updatedAt: Date;
}

/** How many examples there are of a virtual model. */
export interface ExampleCount {
  readonly model: string;
  readonly source: KeptExample['source'];
  readonly count: number;
}

/** A request that was answered, as far as something can be learned from it. */
export interface AnsweredRequest {
  readonly virtualModel: string | null;
  readonly target: string | null;
  readonly endpoint: string;
  /** The client's body as it was kept; null where it was not. */
  readonly input: Json | null;
}

/** What routing has learned. Every call throws storage_unavailable where the database does not answer. */
export interface ExampleStore {
  /** One of the same id takes the place of the one before; what it does not say of the two models stays. */
  put(examples: readonly KeptExample[]): Promise<void>;
  /**
   * The latest of each model, changed from this time on.
   * @param limit of each model
   * @param model of this one alone
   */
  since(time: Date, limit: number, model?: string): Promise<KeptExample[]>;
  /** @returns how many there were */
  delete(model: string): Promise<number>;
  counts(): Promise<ExampleCount[]>;
  answered(traceId: string): Promise<AnsweredRequest | undefined>;
}
