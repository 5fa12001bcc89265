import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../../models/capabilities/capabilities.ts';
import type { Rates } from '../../../models/pricing/price.ts';
import type { ModelEntry } from '../dialect-adapter.ts';

/**
 * OpenAI's four members, and beside them what is known of the model under the names that other servers have made
 * usual: `context_length` (OpenRouter, Together, Fireworks), `context_window` and `max_completion_tokens` (Groq),
 * `architecture` and `pricing` (OpenRouter, in dollars a token, as text), `capabilities` as flags (Mistral).
 * What is not known is not there.
 *
 * @see https://platform.openai.com/docs/api-reference/models/object (checked 2026-11-21)
 * @see https://openrouter.ai/docs/overview/models (checked 2026-11-21)
 * @see https://console.groq.com/docs/models (checked 2026-11-21)
 */
export function renderModel(entry: ModelEntry): JsonObject {
  const created = Math.floor((entry.createdAt ?? 0) / 1000);
  return {
    id: entry.id,
    object: 'model',
    created,
    owned_by: entry.ownedBy,
    ...(entry.capabilities && facts(entry.capabilities)),
    ...(entry.price && { pricing: pricing(entry.price) }),
  };
}

export function renderModels(entries: readonly ModelEntry[]): JsonObject {
  return { object: 'list', data: entries.map(renderModel) };
}

function facts(known: Capabilities): JsonObject {
  const { contextTokens, outputTokens } = known;
  return {
    ...(contextTokens !== undefined && { context_length: contextTokens, context_window: contextTokens }),
    ...(known.inputTokens !== undefined && { max_input_tokens: known.inputTokens }),
    ...(outputTokens !== undefined && { max_completion_tokens: outputTokens }),
    architecture: { input_modalities: inputModalities(known), output_modalities: outputModalities(known) },
    capabilities: flags(known),
  };
}

function inputModalities({ vision, documents, audioInput }: Capabilities): string[] {
  return ['text', ...(vision ? ['image'] : []), ...(documents ? ['file'] : []), ...(audioInput ? ['audio'] : [])];
}

function outputModalities({ audioOutput }: Capabilities): string[] {
  return audioOutput ? ['text', 'audio'] : ['text'];
}

/** Our name of each flag, and the one on the wire. */
const FLAGS = {
  streaming: 'streaming',
  tools: 'function_calling',
  parallelTools: 'parallel_function_calling',
  vision: 'vision',
  documents: 'pdf_input',
  audioInput: 'audio_input',
  audioOutput: 'audio_output',
  jsonSchema: 'structured_outputs',
  reasoning: 'reasoning',
  prefill: 'prefill',
} as const satisfies Partial<Record<keyof Capabilities, string>>;

function flags(known: Capabilities): JsonObject {
  const shown: JsonObject = {};
  for (const [name, wire] of Object.entries(FLAGS)) {
    const flag = known[name as keyof typeof FLAGS];
    if (flag !== undefined) shown[wire] = flag;
  }
  if (known.efforts) shown['reasoning_efforts'] = [...known.efforts];
  return shown;
}

function pricing({ input, output, cacheRead, cacheWrite }: Rates): JsonObject {
  return {
    prompt: perToken(input),
    completion: perToken(output),
    ...(cacheRead !== undefined && { input_cache_read: perToken(cacheRead) }),
    ...(cacheWrite !== undefined && { input_cache_write: perToken(cacheWrite) }),
  };
}

/** Dollars a token as plain decimals, which a number would show with an exponent: 0.25 → `0.00000025`. */
function perToken(dollarsPerMillion: number): string {
  const text = (dollarsPerMillion / 1_000_000).toFixed(14);
  return text.replace(/\.?0+$/, '');
}
