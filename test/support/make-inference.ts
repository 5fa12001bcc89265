import type { InferenceRequest } from '../../src/core/inference/request.ts';

/** A chat request that says hello, but for what the test says. */
export function makeInference(parts: Partial<InferenceRequest> = {}): InferenceRequest {
  return {
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    tools: [],
    stream: false,
    includeUsage: false,
    fields: {},
    notes: [],
    ...parts,
  };
}
