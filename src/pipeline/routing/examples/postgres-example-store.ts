import type { Json } from '../../../core/json.ts';
import { isTrace } from '../../../records/traces/filter-store.ts';
import { traces } from '../../../records/traces/schema.ts';
import { asked } from '../../../storage/database/asked.ts';
import { and, asc, count, desc, eq, gte, inArray, sql } from '../../../storage/drizzle/queries.ts';
import { type Orm, type Transaction, change } from '../../../storage/revisions/revision-store.ts';
import { MOST_EXAMPLES } from '../complexity/embedding/classifier.ts';
import type { Example } from '../complexity/embedding/example.ts';
import { routingExamples } from '../schema.ts';
import type { AnsweredRequest, ExampleCount, ExampleStore, KeptExample } from './example-store.ts';

type Row = typeof routingExamples.$inferSelect;

/** Rows of one statement. */
const AT_ONCE = 200;

/** Examples in the database. */
export class PostgresExampleStore implements ExampleStore {
  readonly #orm: Orm;

  constructor(orm: Orm) {
    this.#orm = orm;
  }

  async put(examples: readonly KeptExample[]): Promise<void> {
    // One statement cannot change a row twice.
    const rows = [...new Map(examples.map((kept) => [kept.example.id, rowOf(kept)])).values()];
    if (rows.length === 0) return;
    await change(this.#orm, 'routing_examples', async (transaction) => {
      for (let at = 0; at < rows.length; at += AT_ONCE) {
        await transaction
          .insert(routingExamples)
          .values(rows.slice(at, at + AT_ONCE))
          .onConflictDoUpdate({
            target: routingExamples.id,
            set: {
              tier: sql`coalesce(excluded.tier, ${routingExamples.tier})`,
              smallOk: sql`coalesce(excluded.small_ok, ${routingExamples.smallOk})`,
              largeOk: sql`coalesce(excluded.large_ok, ${routingExamples.largeOk})`,
              space: sql`excluded.space`,
              vector: sql`excluded.vector`,
              features: sql`excluded.features`,
              source: sql`excluded.source`,
              updatedAt: sql`excluded.updated_at`,
            },
          });
      }
      for (const model of new Set(rows.map((row) => row.model))) await dropOldest(transaction, model);
    });
  }

  async since(time: Date, limit: number, model?: string): Promise<KeptExample[]> {
    const isModels = model === undefined ? undefined : eq(routingExamples.model, model);
    const ranked = this.#orm.$with('ranked').as(
      this.#orm
        .select({
          id: routingExamples.id,
          place:
            sql<number>`row_number() over (partition by ${routingExamples.model} order by ${routingExamples.updatedAt} desc)`.as(
              'place',
            ),
        })
        .from(routingExamples)
        .where(and(gte(routingExamples.updatedAt, time), isModels)),
    );
    const query = this.#orm
      .with(ranked)
      .select({ row: routingExamples })
      .from(routingExamples)
      .innerJoin(ranked, eq(ranked.id, routingExamples.id))
      .where(sql`${ranked.place} <= ${limit}`)
      .orderBy(asc(routingExamples.updatedAt), asc(routingExamples.id));
    return (await asked(query)).map(({ row }) => keptOf(row));
  }

  delete(model: string): Promise<number> {
    return change(this.#orm, 'routing_examples', async (transaction) => {
      const gone = transaction.delete(routingExamples).where(eq(routingExamples.model, model));
      return (await gone.returning({ id: routingExamples.id })).length;
    });
  }

  async counts(): Promise<ExampleCount[]> {
    const { model, source } = routingExamples;
    const query = this.#orm
      .select({ model, source, count: count() })
      .from(routingExamples)
      .groupBy(model, source)
      .orderBy(asc(model), asc(source));
    return asked(query);
  }

  async answered(traceId: string): Promise<AnsweredRequest | undefined> {
    const one = isTrace(traceId);
    if (!one) return undefined;
    const { virtualModel, target, endpoint, input } = traces;
    const query = this.#orm.select({ virtualModel, target, endpoint, input }).from(traces).where(one).limit(1);
    const [row] = await asked(query);
    return row && { ...row, input: row.input as Json };
  }
}

/** More than are learned need not be kept. */
async function dropOldest(transaction: Transaction, model: string): Promise<void> {
  const old = transaction
    .select({ id: routingExamples.id })
    .from(routingExamples)
    .where(eq(routingExamples.model, model))
    .orderBy(desc(routingExamples.updatedAt), desc(routingExamples.id))
    .offset(MOST_EXAMPLES);
  await transaction.delete(routingExamples).where(inArray(routingExamples.id, old));
}

function rowOf({ model, example, source, updatedAt }: KeptExample): Row {
  const { id, space, vector, features, tier, smallOk, largeOk } = example;
  return {
    id,
    model,
    space,
    vector: Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength),
    features: [...features],
    tier: tier ?? null,
    smallOk: smallOk ?? null,
    largeOk: largeOk ?? null,
    source,
    updatedAt,
  };
}

function keptOf(row: Row): KeptExample {
  const example: Example = {
    id: row.id,
    space: row.space,
    vector: floatsOf(row.vector),
    features: row.features as number[],
    tier: row.tier ?? undefined,
    smallOk: row.smallOk ?? undefined,
    largeOk: row.largeOk ?? undefined,
  };
  return { model: row.model, example, source: row.source, updatedAt: row.updatedAt };
}

/** The bytes of a row need not begin where floats may. */
function floatsOf(bytes: Buffer): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
