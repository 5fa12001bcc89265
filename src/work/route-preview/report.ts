import type { RecordedRequest } from '../replay/recorded-request.ts';
import type { Kept } from '../replay/recorded-texts.ts';
import { Side, type Way } from './side.ts';
import type { PreviewView } from './views.ts';

const MOST_EXAMPLES = 20;
const MOST_MOVES = 50;

/** What would change, request by request. */
export class PreviewReport {
  readonly #now = new Side();
  readonly #proposed = new Side();
  readonly #moves = new Map<string, { readonly from: string; readonly to: string; requests: number }>();
  readonly #examples: PreviewView['examples'] = [];
  readonly #unserved: PreviewView['unserved_examples'] = [];
  readonly #left = new Map<string, number>();
  readonly #unkept = new Map<Kept, number>();
  #compared = 0;
  #changed = 0;
  #isCut = false;

  get sampled(): number {
    return this.#compared + [...this.#left.values()].reduce((sum, requests) => sum + requests, 0);
  }

  add({ traceId }: RecordedRequest, kept: Kept, now: Way, proposed: Way): void {
    this.#compared += 1;
    this.#now.add(now);
    this.#proposed.add(proposed);
    if (kept !== 'whole') this.#unkept.set(kept, (this.#unkept.get(kept) ?? 0) + 1);
    if (proposed.lacks !== null && this.#unserved.length < MOST_EXAMPLES) {
      this.#unserved.push({ trace_id: traceId, target: proposed.target, why: proposed.lacks });
    }
    if (now.target !== proposed.target) this.#change(traceId, now, proposed);
  }

  leave(why: string): void {
    this.#left.set(why, (this.#left.get(why) ?? 0) + 1);
  }

  /** It came to no end. */
  cut(): this {
    this.#isCut = true;
    return this;
  }

  view(): Omit<PreviewView, 'model' | 'since' | 'of'> {
    return {
      sampled: this.sampled,
      compared: this.#compared,
      is_cut: this.#isCut,
      now: this.#now.view(),
      proposed: this.#proposed.view(),
      changed: this.#changed,
      moves: [...this.#moves.values()].toSorted((a, b) => b.requests - a.requests).slice(0, MOST_MOVES),
      examples: this.#examples,
      unserved_examples: this.#unserved,
      left_out: [...this.#left].map(([why, requests]) => ({ why, requests })),
      notes: [...this.#unkept].map(([kept, requests]) => `${NOT_WHOLE[kept]}: ${requests} requests.`),
    };
  }

  #change(traceId: string, now: Way, proposed: Way): void {
    this.#changed += 1;
    const key = `${now.target} ${proposed.target}`;
    const move = this.#moves.get(key) ?? { from: now.target, to: proposed.target, requests: 0 };
    move.requests += 1;
    this.#moves.set(key, move);
    if (this.#examples.length >= MOST_EXAMPLES) return;
    const reasons = { reason_now: now.reason, reason: proposed.reason };
    this.#examples.push({ trace_id: traceId, from: now.target, to: proposed.target, ...reasons });
  }
}

const STAND_IN =
  'a text of the same length that says nothing stood in, so that rules and policies that look at texts may see it otherwise';

const NOT_WHOLE: Readonly<Record<Kept, string>> = {
  whole: '',
  redacted: 'What was taken out of the text is replaced by something of its kind',
  hashed: `The text was not kept; ${STAND_IN}`,
  cut: `The text was cut when it was kept; ${STAND_IN}`,
  absent: `The text was not kept; ${STAND_IN}`,
};
