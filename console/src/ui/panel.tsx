import { type ReactNode, useId } from 'react';

import { classes } from './classes.ts';

interface PanelProps {
  readonly title?: ReactNode;
  /** One line on what is shown. */
  readonly hint?: ReactNode;
  /** Stands at the right of the title: ranges, buttons. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
  readonly className?: string;
  /** Without space around what is inside, e.g. for a table. */
  readonly flush?: boolean;
}

/** A part of a page with a ground of its own. */
export function Panel({ title, hint, actions, children, className, flush = false }: PanelProps) {
  const id = useId();
  const named = title === undefined ? {} : { 'aria-labelledby': id };
  return (
    <section {...named} className={classes('min-w-0 rounded-lg border border-line bg-panel', className)}>
      {title === undefined ? null : (
        <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3 pb-2">
          <div className="min-w-0 flex-[1_1_12rem]">
            <h2 id={id} className="text-sm font-semibold">
              {title}
            </h2>
            {hint === undefined ? null : <p className="mt-0.5 text-xs text-muted">{hint}</p>}
          </div>
          {actions === undefined ? null : <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={flush ? '' : classes('px-4 pb-4', title === undefined && 'pt-4')}>{children}</div>
    </section>
  );
}
