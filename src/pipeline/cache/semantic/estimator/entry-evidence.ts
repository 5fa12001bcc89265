interface Evidence {
  readonly wrong: number;
  /** The best standing at which it was wrong. */
  readonly wrongUpTo: number;
  /** Labels that said the same since the last that did not, and the lowest standing among them. */
  readonly streak: number;
  readonly streakFrom: number;
}

const NOTHING: Evidence = {
  wrong: 0,
  wrongUpTo: Number.NEGATIVE_INFINITY,
  streak: 0,
  streakFrom: Number.POSITIVE_INFINITY,
};
/** There is an estimator for each family of requests. Beyond this, those without news for longest are forgotten. */
const MOST_ENTRIES = 2000;

/** What an entry's own labels say of it: `barred` it may not be served, `proven` it may, else the pool decides. */
export type OwnWord = 'barred' | 'proven' | 'pool';

/**
 * The labels of single entries. Most entries never get enough of them to be judged by, but an entry that was wrong once
 * is asked about rather than served where it stands no better than then, until it was right for long.
 */
export class EntryEvidence {
  readonly #entries = new Map<string, Evidence>();
  readonly #enough: number;

  /** @param enough labels in a row that prove an entry which was never wrong */
  constructor(enough: number) {
    this.#enough = enough;
  }

  of(entry: string, standing: number): OwnWord {
    const evidence = this.#entries.get(entry);
    if (evidence === undefined) return 'pool';
    // After each failure the proof takes longer, so that trying again and again proves nothing.
    const isProven = evidence.streak >= this.#enough * (1 + evidence.wrong);
    if (isProven && standing >= evidence.streakFrom) return 'proven';
    return standing <= evidence.wrongUpTo ? 'barred' : 'pool';
  }

  note(entry: string, standing: number, same: boolean): void {
    const old = this.#entries.get(entry) ?? NOTHING;
    const next: Evidence = same
      ? { ...old, streak: old.streak + 1, streakFrom: Math.min(old.streakFrom, standing) }
      : { ...NOTHING, wrong: old.wrong + 1, wrongUpTo: Math.max(old.wrongUpTo, standing) };
    // To the end, where the latest stand.
    this.#entries.delete(entry);
    this.#entries.set(entry, next);
    if (this.#entries.size <= MOST_ENTRIES) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  forget(entry: string): void {
    this.#entries.delete(entry);
  }

  clear(): void {
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }
}
