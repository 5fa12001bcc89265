import { classes } from '../../ui/classes.ts';
import { type Range, scaleOf } from './range-scale.ts';

interface RangePlotProps extends Range {
  /** Says the same in words. */
  readonly label: string;
  readonly tone?: 'good' | 'bad' | 'neutral';
}

const BARS = { good: 'bg-good', bad: 'bg-bad', neutral: 'bg-strong-line' };

function percent(part: number): string {
  return `${(part * 100).toFixed(2)}%`;
}

/** A dot at an end is seen whole. */
function inside(part: number): number {
  return Math.min(0.95, Math.max(0.05, part));
}

/** Where a difference lies: its interval as a line, its estimate as a dot, zero and what is tolerated as marks. */
export function RangePlot({ label, tone = 'neutral', ...range }: RangePlotProps) {
  const { low, high, value, limit } = range;
  const { at } = scaleOf(range);
  const [from, to] = [at(low ?? 0), at(high ?? 0)];
  return (
    <div role="img" aria-label={label} title={label} className="relative h-5 w-full min-w-24 rounded bg-raised">
      <span className="absolute inset-y-0 w-px bg-strong-line" style={{ left: '50%' }} />
      {limit === undefined ? null : (
        <span
          className="absolute inset-y-0 w-0 border-l border-dashed border-bad"
          style={{ left: percent(at(limit)) }}
        />
      )}
      {low === undefined || high === undefined ? null : (
        <span
          className={classes('absolute top-1/2 h-1 -translate-y-1/2 rounded-full opacity-60', BARS[tone])}
          style={{ left: percent(from), width: percent(Math.max(0.01, to - from)) }}
        />
      )}
      {value === undefined ? null : (
        <span
          className={classes('absolute top-1/2 size-2.5 -translate-x-1/2 -translate-y-1/2 rounded-full', BARS[tone])}
          style={{ left: percent(inside(at(value))) }}
        />
      )}
    </div>
  );
}
