import type { JsonObject } from '../../../core/json.ts';
import type { Effort } from '../../../core/inference/request.ts';
import type { Capabilities } from '../../../models/capabilities/capabilities.ts';
import type { ModelEntry } from '../dialect-adapter.ts';

/**
 * Anthropic's `ModelInfo`. Its members are all required: what is not known of any model is null, and of a model of
 * which something is known, `supported` is true only for what is known.
 *
 * @see https://docs.anthropic.com/en/api/models-list (checked 2026-11-21)
 */
export function renderModel(entry: ModelEntry): JsonObject {
  const { capabilities } = entry;
  return {
    type: 'model',
    id: entry.id,
    display_name: entry.id,
    created_at: new Date(entry.createdAt ?? 0).toISOString(),
    max_input_tokens: capabilities?.inputTokens ?? capabilities?.contextTokens ?? null,
    max_tokens: capabilities?.outputTokens ?? null,
    capabilities: capabilities ? facts(capabilities) : null,
  };
}

/** All models on one page; the list is short. */
export function renderModels(entries: readonly ModelEntry[]): JsonObject {
  return {
    data: entries.map(renderModel),
    has_more: false,
    first_id: entries[0]?.id ?? null,
    last_id: entries.at(-1)?.id ?? null,
  };
}

function facts(known: Capabilities): JsonObject {
  return {
    // Of the API that answers here, which has no batches.
    batch: supported(false),
    citations: supported(known.citations),
    code_execution: supported(known.codeExecution),
    context_management: contextManagement(known),
    effort: effort(known),
    image_input: supported(known.vision),
    pdf_input: supported(known.documents),
    structured_outputs: supported(known.jsonSchema),
    thinking: thinking(known),
  };
}

function supported(flag: boolean | undefined): JsonObject {
  return { supported: flag === true };
}

/** Which of the two strategies of clearing a model has is not known: null is how the schema says so. */
function contextManagement({ compaction }: Capabilities): JsonObject {
  return {
    supported: compaction === true,
    clear_thinking_20251015: null,
    clear_tool_uses_20250919: null,
    compact_20260112: compaction === undefined ? null : supported(compaction),
  };
}

function effort({ reasoningControls, efforts = [] }: Capabilities): JsonObject {
  const has = (name: Effort): JsonObject => supported(efforts.includes(name));
  return {
    supported: reasoningControls?.includes('effort') ?? false,
    low: has('low'),
    medium: has('medium'),
    high: has('high'),
    xhigh: has('xhigh'),
    max: has('max'),
  };
}

function thinking({ reasoning, reasoningControls }: Capabilities): JsonObject {
  return {
    supported: reasoning === true,
    types: {
      enabled: supported(reasoningControls?.includes('budget')),
      adaptive: supported(reasoningControls?.includes('adaptive')),
    },
  };
}
