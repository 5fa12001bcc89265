import { GatewayError } from '../../../core/errors.ts';
import { parseJson } from '../../../core/json.ts';
import { heldFromText, heldToText, renderedFromText, renderedToText } from './held-answer.ts';
import { tooLarge, MOST_REQUEST_BYTES } from './kept-request.ts';
import type { ReviewBoxes, ReviewStore } from './review-store.ts';
import type { Edit, HeldAnswer, KeptRequest, RenderedAnswer, StoredReview } from './review.ts';

/** What a box is bound to keeps it from being opened in another place. */
export interface ReviewSealer {
  seal(secret: string, context: string): string;
  /** @throws where no key opens it */
  open(sealed: string, context: string): string;
}

/** Whatever cannot wait for that reason is refused with it. */
export const UNSEALED =
  'Somebody would have to approve this first, and what waits is stored only sealed: the operator has to set CAUSEWAY_MASTER_KEY.';

const PARTS = ['request', 'held', 'edited', 'result'] as const;
type Part = (typeof PARTS)[number];

/** Seals what clients and models said, each part bound to its review. */
export class SealedParts {
  readonly #sealer: ReviewSealer | undefined;

  /** @param sealer undefined where no master key is set: nothing can wait then */
  constructor(sealer: ReviewSealer | undefined) {
    this.#sealer = sealer;
  }

  /** Nothing can wait without a master key. */
  get canSeal(): boolean {
    return this.#sealer !== undefined;
  }

  /** @throws guard_failed where no master key is set */
  request(id: string, request: KeptRequest): string {
    return this.#seal(id, 'request', JSON.stringify(request));
  }

  /** @throws request_too_large, guard_failed */
  held(id: string, held: HeldAnswer): string {
    const text = heldToText(held);
    if (text.length > MOST_REQUEST_BYTES) throw tooLarge('An answer');
    return this.#seal(id, 'held', text);
  }

  edited(id: string, edit: Edit): string {
    return this.#seal(id, 'edited', JSON.stringify(edit));
  }

  result(id: string, answer: RenderedAnswer): string {
    return this.#seal(id, 'result', renderedToText(answer));
  }

  /** @throws guard_failed where it cannot be opened; so do the others */
  openRequest({ id, request }: Pick<StoredReview, 'id' | 'request'>): KeptRequest {
    return JSON.parse(this.#open(id, 'request', request)) as KeptRequest;
  }

  openHeld({ id, held }: Pick<StoredReview, 'id' | 'held'>): HeldAnswer | undefined {
    return held === null ? undefined : heldFromText(this.#open(id, 'held', held));
  }

  openEdit({ id, edited }: Pick<StoredReview, 'id' | 'edited'>): Edit | undefined {
    return edited === null ? undefined : (parseJson(this.#open(id, 'edited', edited)) as unknown as Edit);
  }

  openResult({ id, result }: Pick<StoredReview, 'id' | 'result'>): RenderedAnswer | undefined {
    return result === null ? undefined : renderedFromText(this.#open(id, 'result', result));
  }

  #seal(id: string, part: Part, text: string): string {
    if (this.#sealer) return this.#sealer.seal(text, contextOf(id, part));
    throw new GatewayError('guard_failed', { message: UNSEALED });
  }

  #open(id: string, part: Part, sealed: string): string {
    try {
      if (this.#sealer) return this.#sealer.open(sealed, contextOf(id, part));
    } catch (cause) {
      throw closed(id, cause);
    }
    throw closed(id);
  }
}

/** One that tells whether a box is under the newest key. */
export interface RotatingSealer extends ReviewSealer {
  isCurrent(sealed: string): boolean;
}

const EACH = 20;

/**
 * Seals under the current master key what is sealed under an earlier one.
 * @returns how many reviews
 * @throws where one cannot be opened; those before it are done
 */
export async function resealReviews(
  store: Pick<ReviewStore, 'boxes' | 'replaceBoxes'>,
  sealer: RotatingSealer,
): Promise<number> {
  let resealed = 0;
  for (let after = ''; ;) {
    const page = await store.boxes(after, EACH);
    for (const boxes of page) {
      const renewed = renewedBoxes(boxes, sealer);
      // One that somebody changed meanwhile was sealed under the current key.
      if (renewed && (await store.replaceBoxes(boxes, renewed))) resealed += 1;
    }
    const last = page.at(-1);
    if (!last || page.length < EACH) return resealed;
    after = last.id;
  }
}

function renewedBoxes({ id, ...boxes }: ReviewBoxes, sealer: RotatingSealer): Omit<ReviewBoxes, 'id'> | undefined {
  const old = PARTS.filter((part) => boxes[part] !== null && !sealer.isCurrent(boxes[part]));
  if (old.length === 0) return undefined;
  const renewed = { ...boxes };
  for (const part of old) {
    const box = boxes[part];
    if (box !== null) renewed[part] = sealer.seal(sealer.open(box, contextOf(id, part)), contextOf(id, part));
  }
  return renewed;
}

const contextOf = (id: string, part: Part): string => `guard review ${id}, its ${part}`;

function closed(id: string, cause?: unknown): GatewayError {
  return new GatewayError('guard_failed', {
    message: `The review "${id}" is sealed under a master key that is not set. The operator has to add it to CAUSEWAY_MASTER_KEY_PREVIOUS.`,
    ...(cause === undefined ? {} : { cause }),
  });
}
