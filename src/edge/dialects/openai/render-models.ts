import type { JsonObject } from '../../../core/json.ts';
import type { ModelEntry } from '../dialect-adapter.ts';

/** @see https://platform.openai.com/docs/api-reference/models/object (checked 2026-11-21) */
export function renderModel(entry: ModelEntry): JsonObject {
  const created = Math.floor((entry.createdAt ?? 0) / 1000);
  return { id: entry.id, object: 'model', created, owned_by: entry.ownedBy };
}

export function renderModels(entries: readonly ModelEntry[]): JsonObject {
  return { object: 'list', data: entries.map(renderModel) };
}
