import type { Call } from '../../core/call.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { CallRecord } from '../../records/journal/record.ts';
import type { Said } from './compare/said.ts';

/** A client's request that has been answered. */
export interface Observed {
  readonly record: CallRecord;
  readonly call: Call;
  /** The answer, as records keep it. */
  readonly output: Uint8Array | undefined;
}

/** How a candidate answered. */
export type Outcome =
  | { readonly kind: 'answered'; readonly said: Said | undefined; readonly finishReason: string | undefined }
  | { readonly kind: 'failed'; readonly code: ErrorCode };

/** The copy of a request, and how it was answered. */
export interface Mirrored {
  readonly call: Call;
  readonly outcome: Outcome;
}
