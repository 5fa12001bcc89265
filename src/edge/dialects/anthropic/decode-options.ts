import type { InferenceRequest } from '../../../core/inference/request.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { LOSSES } from './losses.ts';

type Options = Pick<
  InferenceRequest,
  'maxOutputTokens' | 'temperature' | 'topP' | 'topK' | 'stop' | 'user' | 'serviceTier'
>;

const LEFT_OUT = {
  user_profile_id: LOSSES.profile,
  diagnostics: LOSSES.diagnostics,
  fallbacks: LOSSES.fallbacks,
  fallback_credit_token: LOSSES.fallbackCredit,
} as const;

const ANTHROPIC_ONLY = {
  inference_geo: LOSSES.residence,
  container: LOSSES.container,
  thread: LOSSES.thread,
  compaction: LOSSES.compaction,
  billing_policy: LOSSES.billing,
} as const;

/** Sampling, limits, and who asks. */
export function decodeOptions(fields: Fields): Options {
  refuseAnthropicOnly(fields);
  const edits = fields.object('context_management')?.list('edits');
  if (edits === undefined || edits.length > 0) fields.leaveOut('context_management', LOSSES.contextEdits);
  if (fields.oneOf('speed', ['standard', 'fast']) === 'fast') fields.note('speed', LOSSES.fast);
  for (const [name, says] of Object.entries(LEFT_OUT)) fields.leaveOut(name, says);
  const options = given({
    maxOutputTokens: fields.count('max_tokens'),
    temperature: fields.number('temperature'),
    topP: fields.number('top_p'),
    topK: fields.count('top_k'),
    stop: readStop(fields),
    user: readUser(fields),
    serviceTier: fields.text('service_tier'),
  });
  if (options.maxOutputTokens !== undefined) fields.uses('max-output-tokens', 'max_tokens');
  if (options.temperature !== undefined) fields.uses('temperature', 'temperature');
  if (options.topP !== undefined) fields.uses('top-p', 'top_p');
  if (options.topK !== undefined) fields.uses('top-k', 'top_k');
  if (options.serviceTier !== undefined) fields.uses('service-tier', 'service_tier');
  return options;
}

/** What would change where or from what the answer is made. */
function refuseAnthropicOnly(fields: Fields): void {
  for (const [name, says] of Object.entries(ANTHROPIC_ONLY)) if (fields.has(name)) throw fields.refused(name, says);
  if ((fields.list('mcp_servers') ?? []).length > 0) {
    throw fields.refused('mcp_servers', LOSSES.mcpServers);
  }
}

function readStop(fields: Fields): string[] | undefined {
  const list = fields.list('stop_sequences') ?? [];
  if (list.length === 0) return undefined;
  fields.uses('stop', 'stop_sequences');
  return list.map((stop, at) => {
    if (typeof stop === 'string') return stop;
    throw fields.invalid(`stop_sequences[${at}]`, 'must be a string');
  });
}

function readUser(fields: Fields): string | undefined {
  const metadata = fields.object('metadata');
  const user = metadata?.text('user_id');
  if (user !== undefined) metadata?.uses('user', 'user_id');
  metadata?.close();
  return user;
}
