import type { SimulatedDialect } from './simulated-dialect.ts';
import { Refusal } from './refusal.ts';

/** Release day of every simulated model. */
const CREATED = Date.UTC(2026, 0, 1);

function entry(dialect: SimulatedDialect, id: string): object {
  if (dialect === 'openai') return { id, object: 'model', created: CREATED / 1000, owned_by: 'causeway-simulator' };
  return { type: 'model', id, display_name: id, created_at: new Date(CREATED).toISOString() };
}

/** The list of models, or (`/models/name`) one of them. @throws Refusal 404 */
export function modelsBody(dialect: SimulatedDialect, path: string, models: readonly string[]): string {
  if (path === '/models') {
    const data = models.map((id) => entry(dialect, id));
    if (dialect === 'openai') return JSON.stringify({ object: 'list', data });
    return JSON.stringify({ data, has_more: false, first_id: models[0] ?? null, last_id: models.at(-1) ?? null });
  }
  const name = path.slice('/models/'.length);
  const found = models.find((model) => model === name || encodeURIComponent(model) === name);
  if (found === undefined)
    throw new Refusal(404, `The model '${name.slice(0, 200)}' does not exist`, { param: 'model' });
  return JSON.stringify(entry(dialect, found));
}
