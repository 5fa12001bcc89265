import { GatewayError } from '../../../core/errors.ts';
import type { TranslationNote } from '../../../core/inference/request.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../core/json.ts';

/** A request to rank documents, as clients of Cohere and of Jina write it. */
export interface RerankRequest {
  readonly query: string;
  /** Texts, or objects with a text or with fields. */
  readonly documents: readonly (string | JsonObject)[];
  readonly topN: number | undefined;
  /** Undefined where the client leaves it to the provider's default. */
  readonly returnDocuments: boolean | undefined;
  readonly maxTokensPerDoc: number | undefined;
  /** The fields of an object that are to be ranked by, in this order. */
  readonly rankFields: readonly string[] | undefined;
  /** The client's other fields. */
  readonly extra: JsonObject;
}

/**
 * @see https://docs.cohere.com/reference/rerank (read in the types of cohere-ai 8.1.0, checked 2026-11-21)
 * @see https://docs.newapi.pro/api/jinaai-rerank (describes Jina's, checked 2026-11-21)
 * @throws request_invalid
 */
export function readRerank(body: JsonObject): RerankRequest {
  const { model: _model, query, documents, top_n, return_documents, max_tokens_per_doc, rank_fields, ...extra } = body;
  if (typeof query !== 'string') throw invalid('query', 'must be a text');
  if (!Array.isArray(documents) || documents.length === 0) throw invalid('documents', 'must be a list of documents');
  return {
    query,
    documents: documents.map((document, at) => {
      if (typeof document === 'string' || isJsonObject(document)) return document;
      throw invalid(`documents[${at}]`, 'must be a text or an object');
    }),
    topN: count(top_n, 'top_n'),
    returnDocuments: flag(return_documents, 'return_documents'),
    maxTokensPerDoc: count(max_tokens_per_doc, 'max_tokens_per_doc'),
    rankFields: names(rank_fields),
    extra,
  };
}

function invalid(param: string, says: string): GatewayError {
  return new GatewayError('request_invalid', { message: `\`${param}\` ${says}.`, param });
}

function isAbsent(value: Json | undefined): value is null | undefined {
  return value === undefined || value === null;
}

function count(value: Json | undefined, param: string): number | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw invalid(param, 'must be a whole number from 1 on');
}

function flag(value: Json | undefined, param: string): boolean | undefined {
  if (isAbsent(value)) return undefined;
  if (typeof value === 'boolean') return value;
  throw invalid(param, 'must be true or false');
}

function names(value: Json | undefined): readonly string[] | undefined {
  if (isAbsent(value)) return undefined;
  if (Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string')) return value;
  throw invalid('rank_fields', 'must be a list of names');
}

/** Fields by which a document is a picture or the address of one, and no text. */
const MEDIA = ['image', 'url', 'bytes'];

/**
 * The documents as texts, for providers that rank nothing else: the `text` of an object, or its fields line by line.
 * @throws capability_unsupported for images
 */
export function textsOf({ documents, rankFields }: RerankRequest): string[] {
  return documents.map((document, at) => (typeof document === 'string' ? document : textOf(document, rankFields, at)));
}

function textOf(document: JsonObject, rankFields: readonly string[] | undefined, at: number): string {
  const text = asString(document['text']);
  if (!rankFields && text !== undefined) return text;
  if (!rankFields && MEDIA.some((name) => document[name] !== undefined)) {
    throw refusedField(`documents[${at}]`, 'is no text, and this provider ranks texts');
  }
  const fields = rankFields ?? Object.keys(document);
  return fields.flatMap((name) => lineOf(name, document[name])).join('\n');
}

/** As YAML has it, which Cohere recommends for documents with fields. */
function lineOf(name: string, value: Json | undefined): string[] {
  if (isAbsent(value)) return [];
  return [`${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`];
}

/** Of the client's other fields those that the provider knows by these names; what is left out is noted. */
export function takenFields(
  request: RerankRequest,
  known: readonly string[],
): { readonly fields: JsonObject; readonly notes: readonly TranslationNote[] } {
  const fields: JsonObject = {};
  const notes: TranslationNote[] = [];
  for (const [name, value] of Object.entries(request.extra)) {
    if (isAbsent(value)) continue;
    if (known.includes(name)) fields[name] = value;
    else if (name !== 'user') notes.push({ field: name, says: LEFT_OUT });
  }
  return { fields, notes };
}

export const LEFT_OUT = 'is left out: this provider has no such option for ranking';
