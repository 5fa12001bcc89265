import type { paths } from '../../api/schema.gen.ts';

export type Review =
  paths['/admin/v1/reviews']['get']['responses']['200']['content']['application/json']['data'][number];
export type OpenedReview = paths['/admin/v1/reviews/{id}']['get']['responses']['200']['content']['application/json'];
export type Reason = Review['reasons'][number];

export const STATES = ['waiting', 'approved', 'used', 'done', 'rejected', 'expired', 'failed'] as const;
const KINDS = ['request', 'answer', 'tool-call'] as const;
export type Kind = (typeof KINDS)[number];

/** A kind that is not known here is shown as an answer is: it can be read, and let through. */
export function kindOf({ kind }: Pick<Review, 'kind'>): Kind {
  return KINDS.find((one) => one === kind) ?? 'answer';
}
