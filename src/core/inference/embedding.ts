import type { JsonObject } from '../json.ts';
import type { Usage } from '../usage.ts';

/** A text, or its tokens as the model's own tokenizer numbers them. */
export type EmbeddingInput = string | readonly number[];

/** Numbers, or the same as little-endian 32-bit floats in base64. */
export type Vector = readonly number[] | string;

/** What a text is embedded for; some models embed a question otherwise than what is searched. */
export type EmbeddingPurpose = 'query' | 'document' | 'similarity' | 'classification' | 'clustering';

/** A request for embeddings in no dialect. Absent means that the client did not say it. */
export interface EmbeddingRequest {
  readonly inputs: readonly EmbeddingInput[];
  readonly dimensions?: number;
  readonly purpose?: EmbeddingPurpose;
  /** How the client wants its vectors. */
  readonly encoding: 'float' | 'base64';
  /** The client's other fields, for a target that speaks its dialect. */
  readonly extra: JsonObject;
}

/** The vectors of one request, in the order of its inputs. */
export interface EmbeddingAnswer {
  readonly vectors: readonly Vector[];
  readonly usage: Usage | undefined;
  readonly model: string | undefined;
}
