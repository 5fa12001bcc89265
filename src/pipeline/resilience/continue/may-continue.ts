import type { Call } from '../../../core/call.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';

/** Whether the stream of this call goes on at another target where it breaks off. */
export function mayContinue(call: Call): boolean {
  const { operation, assignment } = call;
  if (assignment?.policy?.continue !== true || operation !== 'chat' || !call.facts.stream) return false;
  const request = inferenceOf(call);
  return request !== undefined && (request.choices ?? 1) === 1;
}

/**
 * Whether an answer that could be relayed is read and written anew, so that another one can follow it in the same
 * stream. Not where it may hold what is the provider's own: things that it keeps, log probabilities, citations.
 */
export function isRewritten(call: Call): boolean {
  if (!mayContinue(call) || call.keeps) return false;
  const { logprobs, fields } = call.inference;
  if (logprobs || fields['document-citations'] !== undefined) return false;
  // Reasoning that is asked for sealed can be opened by its provider alone, and only as it came.
  return call.dialect !== 'responses' || call.body.json['include'] === undefined;
}

/** Undefined where the request asks for what only its own dialect has: nobody else could go on with the answer. */
function inferenceOf(call: Call): InferenceRequest | undefined {
  try {
    return call.inference;
  } catch {
    return undefined;
  }
}
