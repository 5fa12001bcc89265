import type { Call } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';

/** Who asks, what it is noted with, how the answer is sent and how it is paid for; and the model, which is known. */
const COMMON = ['model', 'metadata', 'stream', 'service_tier'];

const OPENAI = [
  ...COMMON,
  'user',
  'safety_identifier',
  'stream_options',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
];

const BY_DIALECT: Readonly<Record<Call['dialect'], ReadonlySet<string>>> = {
  openai: new Set(OPENAI),
  // Whether a response is kept decides what can be asked of it later, so `store` is part of what is asked.
  responses: new Set(OPENAI),
  anthropic: new Set(COMMON),
  gemini: new Set(['labels', 'model', 'serviceTier', 'service_tier']),
};

const OPENAI_UNKEPT: ReadonlySet<string> = new Set([...OPENAI, 'store']);

/** Members of a body that do not change what is answered. */
export function leftOutOf({ dialect }: Pick<Call, 'dialect'>, body: JsonObject): ReadonlySet<string> {
  // A completion is kept only where that is said.
  return dialect === 'openai' && body['store'] !== true ? OPENAI_UNKEPT : BY_DIALECT[dialect];
}
