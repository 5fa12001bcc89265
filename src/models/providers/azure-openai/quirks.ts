import type { Operation } from '../../../core/call.ts';
import { OPENAI_QUIRKS, type ServerQuirks, quirksOf } from '../openai/quirks.ts';

/**
 * What a deployment can serve beside chat.
 * @see https://learn.microsoft.com/en-us/azure/ai-foundry/openai/reference (checked 2026-11-21)
 * @see https://github.com/openai/openai-node/blob/master/src/azure.ts (checked 2026-11-21)
 */
const OPERATIONS: readonly Operation[] = [
  'completion',
  'embeddings',
  'speech',
  'transcription',
  'audio-translation',
  'image',
  'image-edit',
];

/** The first day of a dated API that knows `stream_options` and `max_completion_tokens`. */
const NEWER_FIELDS = '2024-09-01';

/** The first one that has responses. */
const RESPONSES = '2025-03-01';

/**
 * OpenAI's own, as far as the API's version has it. Deployments are known by the model that the operator says they are
 * of, since their own names say nothing.
 */
export function azureQuirks(apiVersion: string | undefined, deployments: ReadonlyMap<string, string>): ServerQuirks {
  const isOld = apiVersion !== undefined && apiVersion < NEWER_FIELDS;
  const named = [...deployments].map(([model, deployment]) => ({
    names: exactly(deployment),
    quirks: { untaken: quirksOf(OPENAI_QUIRKS, model).untaken },
  }));
  return {
    ...OPENAI_QUIRKS,
    operations: OPERATIONS,
    responses: apiVersion === undefined || apiVersion >= RESPONSES,
    usageFrame: !isOld,
    maxTokensField: isOld ? 'max_tokens' : 'max_completion_tokens',
    userField: 'user',
    models: [...named, ...(OPENAI_QUIRKS.models ?? [])],
  };
}

function exactly(name: string): RegExp {
  return new RegExp(`^${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`);
}
