import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { asked } from '../../storage/database/asked.ts';
import { storableText } from '../../storage/database/storable.ts';
import { asc, eq } from '../../storage/drizzle/queries.ts';
import { keyHint } from './api-key.ts';
import { type Orm, change } from '../../storage/revisions/revision-store.ts';
import { providerKeys } from './schema.ts';
import type { Sealer } from './sealing.ts';

/** A provider's key as it may be shown. */
export interface ProviderKeyInfo {
  readonly id: string;
  readonly provider: string;
  readonly hint: string;
  readonly createdAt: Date;
}

/** A provider's key as it is stored. */
export interface SealedKey {
  readonly id: string;
  readonly provider: string;
  readonly sealed: string;
}

export interface OpenedKeys {
  /** Provider name → its keys, oldest first. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  /** Those that did not open, with why. */
  readonly closed: readonly { readonly provider: string; readonly id: string; readonly reason: string }[];
}

const contextOf = (id: string, provider: string): string => `provider key ${id} of ${provider}`;

/** Providers' keys in the database, sealed. Every call throws storage_unavailable where the database does not answer. */
export class ProviderKeyStore {
  readonly #orm: Orm;
  readonly #sealer: Sealer | undefined;
  readonly #clock: Clock;

  constructor(orm: Orm, sealer: Sealer | undefined, clock: Clock) {
    this.#orm = orm;
    this.#sealer = sealer;
    this.#clock = clock;
  }

  /** @throws request_invalid where no master key is set */
  async add(provider: string, key: string): Promise<ProviderKeyInfo> {
    const sealer = this.#requireSealer();
    const id = newId('pk');
    const info = { id, provider: storableText(provider), hint: keyHint(key), createdAt: new Date(this.#clock.now()) };
    const sealed = sealer.seal(key, contextOf(id, info.provider));
    await change(this.#orm, 'provider_keys', (transaction) =>
      transaction.insert(providerKeys).values({ ...info, sealed }),
    );
    return info;
  }

  async list(): Promise<ProviderKeyInfo[]> {
    const rows = await this.#rows();
    return rows.map(({ sealed: _sealed, ...info }) => info);
  }

  async find(id: string): Promise<ProviderKeyInfo | undefined> {
    return (await this.list()).find((one) => one.id === id);
  }

  /** False where there is no such key. */
  remove(id: string): Promise<boolean> {
    return change(this.#orm, 'provider_keys', async (transaction) => {
      const gone = transaction.delete(providerKeys).where(eq(providerKeys.id, storableText(id)));
      return (await gone.returning({ id: providerKeys.id })).length > 0;
    });
  }

  /** All of them as they are stored, oldest first. */
  async sealed(): Promise<SealedKey[]> {
    const rows = await this.#rows();
    return rows.map(({ id, provider, sealed }) => ({ id, provider, sealed }));
  }

  open(rows: readonly SealedKey[]): OpenedKeys {
    const keys = new Map<string, string[]>();
    const closed: OpenedKeys['closed'][number][] = [];
    for (const { id, provider, sealed } of rows) {
      try {
        const key = this.#requireSealer().open(sealed, contextOf(id, provider));
        keys.set(provider, [...(keys.get(provider) ?? []), key]);
      } catch (thrown) {
        closed.push({ provider, id, reason: thrown instanceof Error ? thrown.message : 'unknown' });
      }
    }
    return { keys, closed };
  }

  /**
   * Seals under the current master key what is sealed under an earlier one, all or none; says how many.
   * @throws request_invalid where no master key is set; SealError where one cannot be opened
   */
  reseal(): Promise<number> {
    const sealer = this.#requireSealer();
    return change(this.#orm, 'provider_keys', async (transaction) => {
      const rows = await transaction.select().from(providerKeys).for('update');
      const old = rows.filter(({ sealed }) => !sealer.isCurrent(sealed));
      for (const { id, provider, sealed } of old) {
        const context = contextOf(id, provider);
        const renewed = sealer.seal(sealer.open(sealed, context), context);
        await transaction.update(providerKeys).set({ sealed: renewed }).where(eq(providerKeys.id, id));
      }
      return old.length;
    });
  }

  #rows() {
    return asked(this.#orm.select().from(providerKeys).orderBy(asc(providerKeys.createdAt), asc(providerKeys.id)));
  }

  #requireSealer(): Sealer {
    if (this.#sealer) return this.#sealer;
    throw new GatewayError('request_invalid', {
      message:
        'Provider keys are stored only sealed: set CAUSEWAY_MASTER_KEY (openssl rand -base64 32) and start again.',
    });
  }
}
