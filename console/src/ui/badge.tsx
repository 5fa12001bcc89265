import type { ComponentProps } from 'react';

import { classes } from './classes.ts';

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'accent';

const LOOKS: Readonly<Record<Tone, string>> = {
  neutral: 'bg-raised text-muted',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  accent: 'bg-accent-soft text-accent',
};

/** A state in a word or two. The word says it; the colour helps. */
export function Badge({ tone = 'neutral', className, ...rest }: ComponentProps<'span'> & { readonly tone?: Tone }) {
  return (
    <span
      {...rest}
      className={classes(
        'inline-flex max-w-full items-center gap-1 truncate rounded px-1.5 py-0.5 text-xs font-medium',
        LOOKS[tone],
        className,
      )}
    />
  );
}
