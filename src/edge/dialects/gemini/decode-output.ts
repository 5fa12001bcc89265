import type { Effort, ReasoningRequest, ResponseFormat } from '../../../core/inference/request.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { jsonSchemaOf } from './decode-schema.ts';
import { LOSSES } from './losses.ts';

const JSON_TYPE = 'application/json';

/** `responseMimeType` and the two kinds of schema that go with it. */
export function decodeFormat(config: Fields): ResponseFormat | undefined {
  refuseOtherModalities(config);
  const mimeType = config.text('responseMimeType');
  if (mimeType !== undefined && mimeType !== '' && mimeType !== 'text/plain' && mimeType !== JSON_TYPE) {
    throw config.refused('responseMimeType', `(${mimeType}) ${LOSSES.mimeType}`);
  }
  if (config.has('responseFormat')) throw config.refused('responseFormat', LOSSES.mimeType);
  const own = config.has('responseSchema') ? jsonSchemaOf(config.requiredJson('responseSchema')) : undefined;
  const schema = config.has('responseJsonSchema') ? config.requiredJson('responseJsonSchema') : own;
  if (schema) {
    config.uses('json-schema', config.has('responseJsonSchema') ? 'responseJsonSchema' : 'responseSchema');
    return { type: 'json-schema', schema };
  }
  if (mimeType !== JSON_TYPE) return undefined;
  config.uses('json-object', 'responseMimeType');
  return { type: 'json' };
}

function refuseOtherModalities(config: Fields): void {
  const others = (config.list('responseModalities') ?? []).filter((one) => one !== 'TEXT' && one !== 'text');
  if (others.length > 0) throw config.refused('responseModalities', LOSSES.modalities);
}

const LEVELS: Readonly<Record<string, Effort>> = { MINIMAL: 'minimal', LOW: 'low', MEDIUM: 'medium', HIGH: 'high' };

/** `thinkingConfig`. Thoughts are shown only to those who ask for them. */
export function decodeReasoning(config: Fields): ReasoningRequest | undefined {
  const thinking = config.object('thinkingConfig');
  if (!thinking) return undefined;
  const asked: ReasoningRequest = { ...readBudget(thinking), ...readLevel(thinking), ...readDisplay(thinking) };
  thinking.close();
  return Object.keys(asked).length === 0 ? undefined : asked;
}

/** -1: as the model sees fit; 0: not at all. */
function readBudget(thinking: Fields): ReasoningRequest {
  const budgetTokens = thinking.number('thinkingBudget');
  switch (budgetTokens) {
    case undefined:
      return {};
    case -1:
      thinking.uses('reasoning-adaptive', 'thinkingBudget');
      return { enabled: 'adaptive' };
    case 0:
      thinking.uses('reasoning-off', 'thinkingBudget');
      return { enabled: false };
    default:
      if (!Number.isInteger(budgetTokens) || budgetTokens < 0) {
        throw thinking.invalid('thinkingBudget', 'must be a whole number of tokens, 0 or -1');
      }
      thinking.uses('reasoning-budget', 'thinkingBudget');
      return { enabled: true, budgetTokens };
  }
}

function readLevel(thinking: Fields): ReasoningRequest {
  const level = thinking.text('thinkingLevel')?.toUpperCase();
  if (level === undefined || level === 'THINKING_LEVEL_UNSPECIFIED') return {};
  const effort = Object.hasOwn(LEVELS, level) ? LEVELS[level] : undefined;
  if (!effort) throw thinking.invalid('thinkingLevel', `must be one of ${Object.keys(LEVELS).join(', ')}`);
  thinking.uses('reasoning-effort', 'thinkingLevel');
  return given({ effort });
}

function readDisplay(thinking: Fields): ReasoningRequest {
  if (!thinking.flag('includeThoughts')) return {};
  thinking.uses('reasoning-display', 'includeThoughts');
  return { display: 'summarized' };
}
