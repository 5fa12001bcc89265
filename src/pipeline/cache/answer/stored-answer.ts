import type { StreamEvent } from '../../../core/events.ts';
import type { EmbeddingAnswer } from '../../../core/inference/embedding.ts';
import type { NanoUsd } from '../../../core/money.ts';
import type { Usage } from '../../../core/usage.ts';

/** Whose an answer is and what it is of: what it can be deleted by. */
export interface AnswerLabels {
  readonly project: string;
  /** Of the call that it was asked for; another user of the scope may be given it all the same. */
  readonly user: string | undefined;
  readonly keyId: string;
  /** As the client asked for it. */
  readonly model: string;
  readonly promptVersion: string | undefined;
  /** From `x-causeway-cache-tags`. */
  readonly tags: readonly string[];
}

/** An answer as it is kept, complete and without fault. Times are epoch milliseconds. */
export interface StoredAnswer {
  /** The key's id. */
  readonly key: string;
  readonly partition: string;
  readonly labels: AnswerLabels;
  readonly storedAt: number;
  readonly expiresAt: number;
  /** `provider/model` that gave it. */
  readonly target: string;
  readonly responseModel: string | undefined;
  readonly simulated: boolean;
  readonly finishReason: string | undefined;
  /** What it took, and cost; undefined where that is not known. */
  readonly usage: Usage | undefined;
  readonly costNanoUsd: NanoUsd | undefined;
  /** What its translation could not keep, as its client was told. */
  readonly warnings?: readonly string[];
  readonly content: AnswerContent;
}

export type AnswerContent =
  /** In one piece, as the provider sent it, in the dialect of the request. */
  | { readonly kind: 'bytes'; readonly contentType: string; readonly body: Buffer }
  /** What it says, in no dialect. `rewritten`: its provider speaks the client's dialect, so all of it is for the client. */
  | { readonly kind: 'events'; readonly events: readonly StreamEvent[]; readonly rewritten: boolean }
  | { readonly kind: 'vectors'; readonly answer: EmbeddingAnswer };
