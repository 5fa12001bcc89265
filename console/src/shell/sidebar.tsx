import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useSeesAll } from '../api/session.ts';
import { classes } from '../ui/classes.ts';
import { Logo } from './logo.tsx';
import { NAVIGATION } from './navigation.ts';

/** Whether a page stands under this entry. */
function isUnder(pathname: string, to: string): boolean {
  const path = pathname.replace(/^\/console/, '') || '/';
  return to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`);
}

export function Sidebar({ onChosen }: { readonly onChosen?: () => void }) {
  const { t } = useTranslation('shell');
  const { pathname } = useLocation();
  const seesAll = useSeesAll();
  return (
    <nav aria-label={t('menu')} className="flex h-full flex-col gap-5 overflow-y-auto px-3 py-4">
      <Link to="/" className="flex items-center gap-2 px-2" {...(onChosen && { onClick: onChosen })}>
        <Logo />
        <span className="text-[15px] font-semibold tracking-tight">Causeway</span>
      </Link>
      {NAVIGATION.map(({ name, entries }) => (
        <div key={name}>
          <p className="px-2 pb-1 text-xs font-medium text-muted">{t(name)}</p>
          <ul>
            {entries
              .filter(({ ofWhole }) => seesAll || ofWhole !== true)
              .map(({ to, name: entry, icon: Icon }) => {
                const isHere = isUnder(pathname, to);
                return (
                  <li key={to}>
                    <Link
                      to={to}
                      aria-current={isHere ? 'page' : undefined}
                      {...(onChosen && { onClick: onChosen })}
                      className={classes(
                        'flex h-8 items-center gap-2.5 rounded-md px-2 text-[13px]',
                        isHere ? 'bg-accent-soft font-medium text-accent' : 'text-ink hover:bg-raised',
                      )}
                    >
                      <Icon aria-hidden className="size-4 shrink-0" />
                      {t(entry)}
                    </Link>
                  </li>
                );
              })}
          </ul>
        </div>
      ))}
    </nav>
  );
}
