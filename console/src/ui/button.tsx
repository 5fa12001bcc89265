import { type VariantProps, cva } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';

import { classes } from './classes.ts';

const look = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors select-none disabled:cursor-not-allowed disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      kind: {
        primary: 'bg-accent text-accent-ink hover:brightness-110',
        plain: 'border border-line bg-panel text-ink hover:bg-raised',
        quiet: 'text-muted hover:bg-raised hover:text-ink',
        danger: 'border border-bad/40 bg-panel text-bad hover:bg-bad-soft',
      },
      size: { medium: 'h-8 px-3 text-[13px]', small: 'h-7 px-2 text-xs', icon: 'size-8', large: 'h-10 px-4 text-sm' },
    },
    defaultVariants: { kind: 'plain', size: 'medium' },
  },
);

interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof look> {
  /** Looks like a button and is what is inside, e.g. a link. */
  readonly asChild?: boolean;
  /** Under way: cannot be pressed again. */
  readonly busy?: boolean;
}

export function Button({ kind, size, asChild = false, busy = false, className, ...rest }: ButtonProps) {
  const Element = asChild ? Slot.Root : 'button';
  const attributes = asChild ? {} : { type: rest.type ?? 'button', disabled: rest.disabled === true || busy };
  return (
    <Element
      {...rest}
      {...attributes}
      aria-busy={busy || undefined}
      className={classes(look({ kind, size }), className)}
    />
  );
}
