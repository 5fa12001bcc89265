import type { GuardPolicy } from '../engine/guard-policy.ts';
import type { ScanCosts } from './cost.ts';
import type { ScanRequest } from './messages.ts';
import type { ScanFailed } from './scan-all.ts';
import type { Scan } from './scanner.ts';

/** Until so much text is together it is one piece; UTF-16 units. A text is never cut. */
const PIECE = 64 * 1024;
/** What a text counts beside its length. */
const TEXT = 64;
/** Whatever it is estimated at, it has so long. */
const LEAST_MS = 2000;
/** On a machine with other work it takes longer than the costs say. */
const ROOM = 4;

/** What somebody wants to have scanned. */
export interface ScanOrder {
  readonly policy: GuardPolicy;
  readonly costs: ScanCosts;
  readonly asked: readonly ScanRequest[];
  /** Whose it is: everybody has a share of what may wait. */
  readonly from: string;
}

/** An order on its way through the thread, one piece after the other. */
export interface Order extends ScanOrder {
  readonly units: number;
  /** Those that are left. */
  readonly pieces: (readonly ScanRequest[])[];
  readonly scans: Scan[];
  readonly resolve: (scans: readonly Scan[]) => void;
  readonly reject: (failed: ScanFailed) => void;
  /** Nobody waits for it any more. */
  isSettled: boolean;
  /** It is asked together with no other. */
  isAlone: boolean;
  cancelWatch(): void;
}

/** How long the thread may take for what is estimated at so many nanoseconds. */
export function allowedMs(cost: number): number {
  return Math.max(LEAST_MS, Math.ceil((ROOM * cost) / 1e6));
}

export function unitsOf(asked: readonly ScanRequest[]): number {
  return asked.reduce((sum, { text }) => sum + text.length, 0);
}

/** Between two of them others have their turn. */
export function piecesOf(asked: readonly ScanRequest[]): (readonly ScanRequest[])[] {
  const pieces: ScanRequest[][] = [];
  let size = PIECE;
  for (const one of asked) {
    const own = one.text.length + TEXT;
    if (size + own > PIECE) {
      pieces.push([]);
      size = 0;
    }
    pieces.at(-1)?.push(one);
    size += own;
  }
  return pieces;
}

/** The only guard that was asked, where it was one. */
export function guardOf(asked: readonly ScanRequest[]): string | undefined {
  const guard = asked[0]?.guard;
  return asked.every((one) => one.guard === guard) ? guard : undefined;
}
