import type { Operation } from '../../../core/call.ts';
import type { ModelRoute, ResolvedPath } from '../dialect-adapter.ts';

interface Action {
  readonly operation: Operation;
  readonly stream: boolean;
}

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['generateContent', { operation: 'chat', stream: false }],
  ['streamGenerateContent', { operation: 'chat', stream: true }],
  ['countTokens', { operation: 'token-count', stream: false }],
  ['embedContent', { operation: 'embeddings', stream: false }],
  ['batchEmbedContents', { operation: 'embeddings', stream: false }],
]);

/**
 * `models/{model}:{action}`. Names of models have slashes and colons of their own, so that the last colon counts; some
 * clients leave `models/` out before a name with a slash.
 * @see https://ai.google.dev/api/generate-content (checked 2026-11-21)
 */
export function resolve(rest: string): ResolvedPath | undefined {
  const colon = rest.lastIndexOf(':');
  const name = rest.slice(colon + 1);
  const action = ACTIONS.get(name);
  if (!action || colon < 1) return undefined;
  const { operation, stream } = action;
  return {
    operation,
    endpoint: `/v1beta/models:${name}`,
    facts: { model: rest.slice(0, colon).replace(/^models\//, ''), stream },
  };
}

const SUMMARY = "Gemini's generateContent, streamGenerateContent, countTokens, embedContent and batchEmbedContents";

export const GEMINI_ROUTES: readonly ModelRoute[] = ['/v1beta/*', '/v1/models/*'].map((path) => {
  return { path, operation: 'chat', resolve, summary: SUMMARY };
});
