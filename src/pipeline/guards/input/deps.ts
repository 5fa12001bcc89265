import type { Clock } from '../../../core/clock.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { Approval } from '../review/review-desk.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import type { ScanRequest } from '../scan/messages.ts';
import type { Scan } from '../scan/scanner.ts';

/** Runs the scanners of a policy; the scan desk is one. */
interface Scans {
  /** What was found in each text, in their order. @returns rejects where a scanner did not come to an end */
  scan(policy: GuardPolicy, asked: readonly ScanRequest[], from?: string): readonly Scan[] | Promise<readonly Scan[]>;
}

export interface InputDeps {
  readonly desk: Scans;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly scheduler: Scheduler;
  /** Makes marks, delimiters and canary words that nobody else can make. The same for all replicas. */
  readonly secret: string;
}

export interface InputOptions {
  /** Somebody has approved the request: what they looked at is flagged. */
  readonly approval?: Pick<Approval, 'covers'> | undefined;
  /** What becomes of it is clear: it is looked at for the record's sake, and nobody is asked. */
  readonly isOver?: boolean;
}
