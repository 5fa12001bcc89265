import { Link, useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';

import { classes } from './classes.ts';
import { tabOf } from './tab-of.ts';

export interface SubPage {
  /** Under /console, e.g. `/cost/budgets`. */
  readonly to: string;
  readonly label: string;
}

interface PageHeaderProps {
  readonly title: ReactNode;
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
  /** Pages that belong together, as tabs. */
  readonly pages?: readonly SubPage[];
}

/** The tab of the browser says what the heading says, which may be more than a text; of a page within others both. */
function useTitleFromHeading(pages: readonly SubPage[] | undefined) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  const all = pages ?? [];
  const at = tabOf(
    pathname,
    all.map(({ to }) => to),
  );
  const inner = all.slice(1).find(({ to }) => to === at)?.label;
  useEffect(() => {
    const text = heading.current?.innerText.replaceAll(/\s+/g, ' ').trim();
    document.title = [inner === text ? undefined : inner, text, 'Causeway'].filter(Boolean).join(' · ');
  });
  return heading;
}

export function PageHeader({ title, hint, actions, pages }: PageHeaderProps) {
  const heading = useTitleFromHeading(pages);
  return (
    <header className="mb-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-80">
          <h1 ref={heading} className="truncate text-xl font-semibold tracking-tight">
            {title}
          </h1>
          {hint === undefined ? null : <p className="mt-0.5 max-w-3xl text-[13px] text-muted">{hint}</p>}
        </div>
        {actions === undefined ? null : <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {pages === undefined ? null : <SubPages pages={pages} />}
    </header>
  );
}

function SubPages({ pages }: { readonly pages: readonly SubPage[] }) {
  const { pathname } = useLocation();
  const here = tabOf(
    pathname,
    pages.map(({ to }) => to),
  );
  return (
    <nav className="mt-3 flex gap-1 overflow-x-auto border-b border-line">
      {pages.map(({ to, label }) => {
        const isHere = to === here;
        return (
          <Link
            key={to}
            to={to}
            aria-current={isHere ? 'page' : undefined}
            className={classes(
              '-mb-px border-b-2 px-3 py-2 text-[13px] font-medium whitespace-nowrap',
              isHere ? 'border-accent text-ink' : 'border-transparent text-muted hover:text-ink',
            )}
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
