import type { Effort, ReasoningRequest, ResponseFormat } from '../../../core/inference/request.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { LOSSES } from './losses.ts';

const EFFORT_LEVELS = ['low', 'medium', 'high', 'xhigh', 'max'] as const satisfies readonly Effort[];

/** `output_config.format`, or `output_format` as betas had it before. */
export function decodeFormat(fields: Fields): ResponseFormat | undefined {
  const older = readFormat(fields, 'output_format');
  const config = fields.object('output_config');
  return (config && readFormat(config, 'format')) ?? older;
}

function readFormat(parent: Fields, name: string): ResponseFormat | undefined {
  const format = parent.object(name);
  if (!format) return undefined;
  format.requiredOneOf('type', ['json_schema']);
  const schema = format.requiredJson('schema');
  format.close();
  parent.uses('json-schema', name);
  return { type: 'json-schema', schema };
}

/** `thinking`, and `output_config.effort`. */
export function decodeReasoning(fields: Fields): ReasoningRequest | undefined {
  const thinking = readThinking(fields);
  const config = fields.object('output_config');
  const effort = config?.oneOf('effort', EFFORT_LEVELS);
  if (effort !== undefined) config?.uses('reasoning-effort', 'effort');
  config?.leaveOut('task_budget', LOSSES.taskBudget);
  config?.ignore('format');
  config?.close();
  return thinking || effort !== undefined ? { ...thinking, ...given({ effort }) } : undefined;
}

function readThinking(fields: Fields): ReasoningRequest | undefined {
  const thinking = fields.object('thinking');
  if (!thinking) return undefined;
  const type = thinking.requiredOneOf('type', ['enabled', 'adaptive', 'between_tools', 'disabled']);
  const request = type === 'disabled' ? readOff(thinking) : readOn(thinking, type);
  thinking.close();
  return request;
}

function readOff(thinking: Fields): ReasoningRequest {
  thinking.uses('reasoning-off', 'type');
  return { enabled: false };
}

function readOn(thinking: Fields, type: 'enabled' | 'adaptive' | 'between_tools'): ReasoningRequest {
  const display = thinking.oneOf('display', ['summarized', 'omitted']);
  if (display !== undefined) thinking.uses('reasoning-display', 'display');
  if (type === 'between_tools') thinking.note('type', `(between_tools) ${LOSSES.betweenTools}`);
  if (type !== 'enabled') {
    thinking.uses('reasoning-adaptive', 'type');
    return { enabled: 'adaptive', ...given({ display }) };
  }
  const budgetTokens = thinking.count('budget_tokens');
  if (budgetTokens === undefined) throw thinking.invalid('budget_tokens', 'is missing: it must be a number of tokens');
  thinking.uses('reasoning-budget', 'budget_tokens');
  return { enabled: true, budgetTokens, ...given({ display }) };
}
