const ACTIONS = ['resume', 'pause', 'advance', 'promote', 'rollback', 'restart'] as const;
export type CanaryAction = (typeof ACTIONS)[number];

const ALLOWED: Readonly<Record<string, readonly CanaryAction[]>> = {
  running: ['pause', 'advance', 'promote', 'rollback'],
  holding: ['resume', 'pause', 'advance', 'promote', 'rollback'],
  paused: ['resume', 'advance', 'promote', 'rollback'],
  promoted: ['rollback', 'restart'],
  rolled_back: ['restart'],
};

/** What makes sense where a canary stands. */
export function actionsOf(status: string): readonly CanaryAction[] {
  return ALLOWED[status] ?? [];
}

/** The share, in percent, that a canary has after an action. */
export function shareAfter(
  action: CanaryAction,
  { steps, step, share_percent: now }: { steps: readonly number[]; step: number; share_percent: number },
): number {
  if (action === 'promote') return 100;
  if (action === 'rollback') return 0;
  if (action === 'restart') return steps[0] ?? now;
  return action === 'advance' ? (steps[step + 1] ?? 100) : now;
}

/** Of so many requests how many would be answered otherwise. */
export function movedRequests(requests: number, from: number, to: number): number {
  return Math.round((requests * Math.abs(to - from)) / 100);
}
