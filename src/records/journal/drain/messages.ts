import type { DatabaseConnection } from '../../traces/trace-store.ts';
import type { Inherited } from '../backlog.ts';
import type { SegmentState } from '../segment.ts';

/** What the drain thread is started with. */
export interface DrainStart {
  readonly connection: DatabaseConnection;
  readonly segments: readonly SegmentState[];
}

/** To the drain: segments that are new or have changed; segments that are another's now; the wish to end. */
export type ToDrain =
  | { readonly kind: 'segments'; readonly segments: readonly SegmentState[] }
  | { readonly kind: 'release'; readonly folder: string }
  | { readonly kind: 'close' };

/** From the drain. */
export type FromDrain =
  /** A segment is taken over up to an offset: so many records are in the database, so many it would not take in any form. */
  | {
      readonly kind: 'drained';
      readonly path: string;
      readonly offset: number;
      readonly written: number;
      readonly refused: number;
      readonly damagedBytes: number;
      readonly inherited: Inherited;
      readonly reason?: string;
    }
  /** The whole of a segment is taken over, and its file is gone. */
  | { readonly kind: 'finished'; readonly path: string; readonly inherited: Inherited }
  /** What earlier processes left was counted. */
  | { readonly kind: 'inherited'; readonly inherited: Inherited }
  /** The database cannot be written to now; it is tried again. */
  | { readonly kind: 'trouble'; readonly reason: string };
