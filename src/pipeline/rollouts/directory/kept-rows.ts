import type { Json } from '../../../core/json.ts';
import type { RolloutRow } from '../rollout-store.ts';

interface KeptRow extends Pick<RolloutRow, 'kind' | 'id' | 'definition' | 'state' | 'stateVersion'> {
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What is stored, for a start without the database. */
export function keptRows(rows: readonly RolloutRow[]): Json {
  const kept = rows.map((row): KeptRow => {
    return { ...row, createdAt: row.createdAt.getTime(), updatedAt: row.updatedAt.getTime() };
  });
  return kept as unknown as Json;
}

export function rowsOfKept(kept: Json): RolloutRow[] {
  const rows = kept as unknown as readonly KeptRow[];
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt), updatedAt: new Date(row.updatedAt) }));
}
