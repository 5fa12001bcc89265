import type { ReactNode } from 'react';

import { classes } from './classes.ts';

interface StatProps {
  readonly label: ReactNode;
  readonly value: ReactNode;
  /** Against what was before, or what it is made of. */
  readonly note?: ReactNode;
  readonly tone?: 'plain' | 'good' | 'warn' | 'bad';
  /** A small line of how it went. */
  readonly chart?: ReactNode;
}

const TONES = { plain: '', good: 'text-good', warn: 'text-warn', bad: 'text-bad' };

/** One figure that matters. */
export function Stat({ label, value, note, tone = 'plain', chart }: StatProps) {
  return (
    <div className="flex min-w-0 flex-col rounded-lg border border-line bg-panel px-4 py-3">
      <div className="truncate text-xs font-medium text-muted">{label}</div>
      <div className={classes('mt-1 truncate text-2xl font-semibold tracking-tight tabular-nums', TONES[tone])}>
        {value}
      </div>
      {note === undefined ? null : <div className="mt-0.5 truncate text-xs text-muted">{note}</div>}
      {chart === undefined ? null : <div className="mt-2">{chart}</div>}
    </div>
  );
}
