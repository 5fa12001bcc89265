import type { JsonObject } from '../../../core/json.ts';
import type { ModelEntry } from '../dialect-adapter.ts';

/** @see https://docs.anthropic.com/en/api/models-list (checked 2026-11-21) */
export function renderModel(entry: ModelEntry): JsonObject {
  const createdAt = new Date(entry.createdAt ?? 0).toISOString();
  return { type: 'model', id: entry.id, display_name: entry.id, created_at: createdAt };
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
