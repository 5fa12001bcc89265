import type { Variant } from '../price.ts';
import type { PriceRow } from '../price-row.ts';

/** The day on which the rows of these files were read, and from which they are known to hold. */
const READ = '2026-11-21';

/** What several providers ask for their batches and service tiers. */
export const BATCH_AT_HALF: Variant = { when: { batch: true }, factor: 0.5 };
export const FLEX_AT_HALF: Variant = { when: { serviceTier: 'flex' }, factor: 0.5 };
export const PRIORITY_AT_DOUBLE: Variant = { when: { serviceTier: 'priority' }, factor: 2 };
export const IN_US: Variant = { when: { geo: 'us' }, factor: 1.1 };
export const FAST_AT_DOUBLE: Variant = { when: { speed: 'fast' }, factor: 2 };

type Listed = Omit<PriceRow, 'family' | 'from' | 'source' | 'checked'>;

/** Models of one price. */
export function alike(models: readonly string[], price: Omit<Listed, 'model'>): Listed[] {
  return models.map((model) => ({ model, ...price }));
}

/**
 * Rows of one family, by the page that says them. The numbers were taken from LiteLLM's public table of prices
 * (release 1.109.1), which names these pages as their sources; a model whose page it does not name is not here.
 * @see https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json (checked 2026-11-21)
 */
export function listed(family: string, bySource: Readonly<Record<string, readonly Listed[]>>): PriceRow[] {
  return Object.entries(bySource).flatMap(([source, rows]) =>
    rows.map((row) => ({ ...row, family, source, from: READ, checked: READ })),
  );
}
