import { classes } from './classes.ts';

interface BarProps {
  /** From 0 to 1; what is more is drawn full. */
  readonly share: number;
  readonly label: string;
  readonly tone?: 'accent' | 'warn' | 'bad';
  readonly className?: string;
}

const TONES = { accent: 'bg-accent', warn: 'bg-warn', bad: 'bg-bad' };

/** How much of something is used or done. */
export function Bar({ share, label, tone = 'accent', className }: BarProps) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className={classes('h-2 overflow-hidden rounded-full bg-raised', className)}
    >
      <div className={classes('h-full rounded-full', TONES[tone])} style={{ width: `${percent}%` }} />
    </div>
  );
}
