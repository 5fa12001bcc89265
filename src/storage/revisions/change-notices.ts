import { Client, type ClientConfig } from 'pg';

import type { Scheduler } from '../../core/scheduler.ts';
import type { Database } from '../database/database.ts';

/** The channel on which PostgreSQL tells of changes; the payload is the subject, for people who listen in. */
export const NOTICE_CHANNEL = 'causeway_revisions';

/** Says that something has changed, and nothing more: whoever hears it asks what. */
export interface ChangeNotices {
  /** Whether notices of other processes come at the moment. */
  readonly working: boolean;
  close(): Promise<void>;
}

const here = new WeakMap<Database['orm'], Set<() => void>>();

/** Tells everybody in this process who follows the same database. */
export function tellHere(orm: Database['orm']): void {
  for (const heard of here.get(orm) ?? []) heard();
}

/** Hears what is changed through this handle. Returns the way to stop. */
export function hearHere(orm: Database['orm'], heard: () => void): () => void {
  const listeners = here.get(orm) ?? new Set();
  here.set(orm, listeners.add(heard));
  return () => listeners.delete(heard);
}

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5000;

interface NoticeOptions {
  readonly connection: ClientConfig;
  readonly scheduler: Scheduler;
  /** Something has changed, or notices may have been missed while there was no connection. */
  heard(): void;
}

/** Listens on a connection of its own, and connects again as often as it takes. */
export class NoticeConnection implements ChangeNotices {
  readonly #options: NoticeOptions;
  #client: Client | undefined;
  #backoffMs = FIRST_BACKOFF_MS;
  #working = false;
  #closed = false;
  #cancel = (): void => undefined;

  constructor(options: NoticeOptions) {
    this.#options = options;
    void this.#connect();
  }

  get working(): boolean {
    return this.#working;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new Client({ ...this.#options.connection, keepAlive: true });
    this.#client = client;
    client.on('notification', () => this.#options.heard());
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    try {
      await client.connect();
      await client.query(`listen ${NOTICE_CHANNEL}`);
    } catch {
      this.#lose(client);
      return;
    }
    if (this.#client !== client || this.#closed) return;
    this.#working = true;
    this.#backoffMs = FIRST_BACKOFF_MS;
    this.#options.heard();
  }

  #lose(client: Client): void {
    if (this.#client !== client || this.#closed) return;
    this.#client = undefined;
    this.#working = false;
    client.end().catch(() => undefined);
    this.#cancel = this.#options.scheduler.after(this.#backoffMs, () => void this.#connect());
    this.#backoffMs = Math.min(this.#backoffMs * 2, LONGEST_BACKOFF_MS);
  }
}
