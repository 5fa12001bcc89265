import type { InferenceRequest } from '../../../core/inference/request.ts';
import { type Fields, given } from './fields.ts';

type Options = Pick<
  InferenceRequest,
  'maxOutputTokens' | 'temperature' | 'topP' | 'topK' | 'stop' | 'user' | 'serviceTier'
>;

const NOT_EDITED = 'is left out: only Anthropic edits the context on its side, so the conversation is sent as it is';
const NOT_FAST = 'is left out: the answer comes at the speed of the model that gives it';
const NO_PROFILE = 'is left out: it names a profile that only Anthropic knows';

/** Sampling, limits, and who asks. */
export function decodeOptions(fields: Fields): Options {
  refuseAnthropicOnly(fields);
  const edits = fields.object('context_management')?.list('edits');
  if (edits === undefined || edits.length > 0) fields.leaveOut('context_management', NOT_EDITED);
  if (fields.oneOf('speed', ['standard', 'fast']) === 'fast') fields.note('speed', NOT_FAST);
  fields.leaveOut('user_profile_id', NO_PROFILE);
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
  if (fields.has('inference_geo')) {
    throw fields.refused('inference_geo', 'cannot be promised: the model is not served by Anthropic');
  }
  if (fields.has('container')) {
    throw fields.refused(
      'container',
      "cannot be used: it is a sandbox at Anthropic, and the model's provider has none",
    );
  }
  if ((fields.list('mcp_servers') ?? []).length > 0) {
    throw fields.refused('mcp_servers', "cannot be used: only Anthropic connects to MCP servers on a client's behalf");
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
