import type { Feature } from '../../../core/inference/features.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import { isJsonObject } from '../../../core/json.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { readUser, usedText } from './used-text.ts';
import { LEFT_OUT, REFUSED } from './left-out.ts';

type Sampling = Pick<
  InferenceRequest,
  'temperature' | 'topP' | 'topK' | 'seed' | 'frequencyPenalty' | 'presencePenalty' | 'choices'
>;
type Options = Sampling &
  Pick<
    InferenceRequest,
    'maxOutputTokens' | 'stop' | 'logitBias' | 'logprobs' | 'serviceTier' | 'user' | 'promptCacheKey' | 'verbosity'
  >;

const SEED = Number.MAX_VALUE;

/** Sampling, limits, and who asks. */
export function decodeOptions(body: Fields): Options {
  refuseOpenAiOnly(body);
  leaveOut(body);
  return {
    ...readSampling(body),
    ...given({
      maxOutputTokens: readMaxTokens(body),
      stop: readStop(body),
      logitBias: readLogitBias(body),
      logprobs: readLogprobs(body),
      user: readUser(body),
      serviceTier: usedText(body, 'service_tier', 'service-tier'),
      promptCacheKey: usedText(body, 'prompt_cache_key', 'prompt-cache-key'),
      verbosity: usedText(body, 'verbosity', 'verbosity'),
    }),
  };
}

/** What would change what the answer has in it. */
function refuseOpenAiOnly(body: Fields): void {
  if (body.list('modalities')?.some((modality) => modality !== 'text')) {
    throw body.refused('modalities', REFUSED.modalities);
  }
  for (const name of ['audio', 'web_search_options', 'moderation'] as const) {
    if (body.has(name)) throw body.refused(name, REFUSED[name]);
  }
}

function leaveOut(body: Fields): void {
  if (body.flag('store')) body.note('store', LEFT_OUT.store);
  const metadata = body.has('metadata') ? body.requiredJson('metadata') : {};
  if (Object.keys(metadata).length > 0) body.note('metadata', LEFT_OUT.metadata);
  for (const name of ['prediction', 'prompt_cache_retention'] as const) body.leaveOut(name, LEFT_OUT[name]);
}

function readSampling(body: Fields): Sampling {
  return given({
    temperature: usedNumber(body, 'temperature', 'temperature', [0, 2]),
    topP: usedNumber(body, 'top_p', 'top-p', [0, 1]),
    topK: readTopK(body),
    seed: usedWhole(body, 'seed', 'seed', [-SEED, SEED]),
    frequencyPenalty: usedNumber(body, 'frequency_penalty', 'frequency-penalty', [-2, 2]),
    presencePenalty: usedNumber(body, 'presence_penalty', 'presence-penalty', [-2, 2]),
    choices: usedWhole(body, 'n', 'choices', [1, 128]),
  });
}

/** Not OpenAI's, but what many servers of this API take; there 0 and -1 stand for all tokens. */
function readTopK(body: Fields): number | undefined {
  const topK = whole(body, 'top_k', [-1, Number.MAX_SAFE_INTEGER]);
  if (topK === undefined || topK <= 0) return undefined;
  body.uses('top-k', 'top_k');
  return topK;
}

/** `max_tokens` is the older name, and means less for models that think; where both are there the newer one counts. */
function readMaxTokens(body: Fields): number | undefined {
  const range: Range = [1, Number.MAX_SAFE_INTEGER];
  const newer = usedWhole(body, 'max_completion_tokens', 'max-output-tokens', range);
  const older = usedWhole(body, 'max_tokens', 'max-output-tokens', range);
  if (newer !== undefined && older !== undefined && older !== newer) {
    body.note('max_tokens', LEFT_OUT.max_tokens);
  }
  return newer ?? older;
}

function readStop(body: Fields): readonly string[] | undefined {
  const raw = body.raw('stop');
  const list = typeof raw === 'string' ? [raw] : (body.list('stop') ?? []);
  if (list.length === 0) return undefined;
  body.uses('stop', 'stop');
  return list.map((stop, at) => {
    if (typeof stop === 'string') return stop;
    throw body.invalid(`stop[${at}]`, 'must be a string');
  });
}

function readLogitBias(body: Fields): InferenceRequest['logitBias'] {
  const raw = body.raw('logit_bias');
  const biases = body.object('logit_bias');
  if (!biases || !isJsonObject(raw)) return undefined;
  const tokens = Object.keys(raw);
  for (const token of tokens) biases.number(token);
  if (tokens.length === 0) return undefined;
  body.uses('logit-bias', 'logit_bias');
  return raw;
}

function readLogprobs(body: Fields): InferenceRequest['logprobs'] {
  const wanted = body.flag('logprobs') ?? false;
  const top = body.has('top_logprobs') ? whole(body, 'top_logprobs', [0, 20]) : undefined;
  if (!wanted) {
    if (top) throw body.invalid('top_logprobs', 'goes with `logprobs`: true only');
    return undefined;
  }
  body.uses('logprobs', 'logprobs');
  return given({ top });
}

/** Both ends are allowed. */
type Range = readonly [number, number];

function usedNumber(body: Fields, name: string, feature: Feature, [least, most]: Range): number | undefined {
  const value = body.number(name);
  if (value === undefined) return undefined;
  if (!(value >= least && value <= most)) throw body.invalid(name, `must be a number from ${least} to ${most}`);
  body.uses(feature, name);
  return value;
}

function usedWhole(body: Fields, name: string, feature: Feature, range: Range): number | undefined {
  const value = whole(body, name, range);
  if (value !== undefined) body.uses(feature, name);
  return value;
}

function whole(body: Fields, name: string, [least, most]: Range): number | undefined {
  const value = body.number(name);
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  throw body.invalid(name, `must be a whole number${rangeText(least, most)}`);
}

function rangeText(least: number, most: number): string {
  if (most < Number.MAX_SAFE_INTEGER) return ` from ${least} to ${most}`;
  return most === SEED ? '' : `, at least ${least}`;
}
