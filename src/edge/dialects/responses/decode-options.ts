import type { Feature } from '../../../core/inference/features.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import { invalidField } from '../read-fields.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { readUser, usedText } from '../openai/used-text.ts';
import { LEFT_OUT as OPENAI_LEFT_OUT } from '../openai/left-out.ts';
import { LEFT_OUT, NOT_KEPT, REFUSED } from './left-out.ts';

type Options = Pick<
  InferenceRequest,
  'maxOutputTokens' | 'temperature' | 'topP' | 'serviceTier' | 'user' | 'promptCacheKey'
>;

const LOGPROBS = 'message.output_text.logprobs';
/** What can be asked for besides: it is of tools that are refused, of the list of input items, or always there. */
const NEEDLESS: ReadonlySet<unknown> = new Set([
  'reasoning.encrypted_content',
  'file_search_call.results',
  'web_search_call.results',
  'web_search_call.action.sources',
  'message.input_image.image_url',
  'computer_call_output.output.image_url',
  'code_interpreter_call.outputs',
]);

/** Sampling, limits, and who asks. */
export function decodeOptions(body: Fields): Options {
  refuseOpenAiOnly(body);
  leaveOut(body);
  // The gateway itself keeps, records and shows these; the number of calls is that of tools which OpenAI runs.
  body.ignore('store', 'metadata', 'max_tool_calls');
  return given({
    maxOutputTokens: readMaxTokens(body),
    temperature: usedNumber(body, 'temperature', 'temperature', 2),
    topP: usedNumber(body, 'top_p', 'top-p', 1),
    user: readUser(body),
    serviceTier: usedText(body, 'service_tier', 'service-tier'),
    promptCacheKey: usedText(body, 'prompt_cache_key', 'prompt-cache-key'),
  });
}

/** What would change what the answer has in it. */
function refuseOpenAiOnly(body: Fields): void {
  if (body.has('previous_response_id')) {
    throw invalidField('previous_response_id', `\`previous_response_id\` ${NOT_KEPT}.`);
  }
  if (body.flag('background')) throw body.refused('background', REFUSED.background);
  for (const name of ['prompt', 'conversation', 'moderation'] as const) {
    if (body.has(name)) throw body.refused(name, REFUSED[name]);
  }
  if (body.list('include')?.includes(LOGPROBS)) throw body.refused('include', REFUSED.logprobs);
  if ((body.count('top_logprobs') ?? 0) > 0) throw body.refused('top_logprobs', REFUSED.logprobs);
}

function leaveOut(body: Fields): void {
  body.list('include')?.forEach((wanted, at) => {
    if (!NEEDLESS.has(wanted)) body.decoding.note(body.at(`include[${at}]`), LEFT_OUT['include[]']);
  });
  if (body.oneOf('truncation', ['auto', 'disabled']) === 'auto') body.note('truncation', LEFT_OUT.truncation);
  body.leaveOut('context_management', LEFT_OUT.context_management);
  body.leaveOut('prompt_cache_retention', OPENAI_LEFT_OUT.prompt_cache_retention);
}

function readMaxTokens(body: Fields): number | undefined {
  const most = body.count('max_output_tokens');
  if (most === undefined) return undefined;
  if (most === 0) throw body.invalid('max_output_tokens', 'must be a whole number, at least 1');
  body.uses('max-output-tokens', 'max_output_tokens');
  return most;
}

function usedNumber(body: Fields, name: string, feature: Feature, most: number): number | undefined {
  const value = body.number(name);
  if (value === undefined) return undefined;
  if (!(value >= 0 && value <= most)) throw body.invalid(name, `must be a number from 0 to ${most}`);
  body.uses(feature, name);
  return value;
}
