import { asked } from './asked.ts';
import type { Database } from './database.ts';

/** How the database is, in figures. */
export interface DatabaseHealth {
  readonly version: string;
  /** Of the shortest question, the middle one of three. */
  readonly latencyMs: number;
  readonly bytes: number;
  /** Parts that traces lie in. */
  readonly partitions: number;
}

/** @throws storage_unavailable where it does not answer */
export async function readHealth({ pool }: Pick<Database, 'pool'>): Promise<DatabaseHealth> {
  const latencies: number[] = [];
  // The first one makes the connection.
  for (let question = 0; question < 4; question += 1) {
    const began = performance.now();
    await asked(pool.query('select 1'));
    if (question > 0) latencies.push(performance.now() - began);
  }
  const { rows } = await asked(
    pool.query<{ version: string; bytes: number; partitions: number }>(
      `select current_setting('server_version') as version, pg_database_size(current_database()) as bytes,
        (select count(*) from pg_partition_tree(to_regclass('traces')) where isleaf) as partitions`,
    ),
  );
  const [row] = rows;
  return {
    version: row?.version ?? 'unknown',
    latencyMs: latencies.toSorted((a, b) => a - b)[1] ?? 0,
    bytes: row?.bytes ?? 0,
    partitions: row?.partitions ?? 0,
  };
}
