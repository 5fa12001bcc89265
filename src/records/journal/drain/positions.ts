import type { JournalMove, JournalPosition } from '../position-store.ts';
import type { Segment, SegmentState } from '../segment.ts';

/** Where reading of a segment goes on; its limit where all of it is taken over. */
export function offsetIn({ number }: Segment, limit: number, position: JournalPosition | undefined): number {
  if (!position || position.segment < number) return 0;
  return position.segment === number ? position.offset : limit;
}

/** How far the database has each journal, as far as it was asked or told. */
export class Positions {
  readonly #ask: (journal: string) => Promise<JournalPosition | undefined>;
  /** `null` where the database does not know the journal. */
  readonly #known = new Map<string, JournalPosition | null>();

  constructor(ask: (journal: string) => Promise<JournalPosition | undefined>) {
    this.#ask = ask;
  }

  async offsetIn(segment: SegmentState, limit: number): Promise<number> {
    const { journal } = segment;
    let known = this.#known.get(journal);
    if (known === undefined) {
      known = (await this.#ask(journal)) ?? null;
      this.#known.set(journal, known);
    }
    return offsetIn(segment, limit, known ?? undefined);
  }

  /** The step to an offset of a segment. */
  moveTo({ journal, number }: SegmentState, offset: number): JournalMove {
    return { journal, from: this.#known.get(journal) ?? undefined, to: { segment: number, offset } };
  }

  moved({ journal, to }: JournalMove): void {
    this.#known.set(journal, to);
  }

  /** The database does not know the journal any more. */
  forgot(journal: string): void {
    this.#known.set(journal, null);
  }

  /** It is asked again. */
  doubt(): void {
    this.#known.clear();
  }
}
