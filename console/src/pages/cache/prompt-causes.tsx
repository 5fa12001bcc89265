import { useTranslation } from 'react-i18next';

import { compact, count, money, share } from '../../format/numbers.ts';
import { Bar } from '../../ui/progress.tsx';
import { type GroupDetail, causeOf } from './prompt-words.ts';

/** Why prompts were or were not in the cache, and what helps. */
export function Causes({ causes }: { readonly causes: GroupDetail['causes'] }) {
  const { t } = useTranslation('cache');
  const all = causes.reduce((sum, { requests }) => sum + requests, 0);
  return (
    <section className="space-y-3">
      <h3 className="text-sm font-semibold">{t('causes')}</h3>
      <ul className="space-y-3">
        {causes.map((one) => {
          const cause = causeOf(one.cause);
          const name = cause === undefined ? one.cause : t(`cause_${cause}`);
          const part = all > 0 ? one.requests / all : 0;
          return (
            <li key={one.cause} className="text-[13px]">
              <div className="mb-1 flex items-baseline justify-between gap-3">
                <span className="font-medium">{name}</span>
                <span className="shrink-0 tabular-nums">
                  {count(one.requests)} <span className="text-muted">{share(part, 0)}</span>
                  {one.lost_tokens > 0 ? (
                    <span className="text-muted">
                      {' · '}
                      {t('lostSo', { tokens: compact(one.lost_tokens), usd: money(one.lost_usd) })}
                    </span>
                  ) : null}
                </span>
              </div>
              <Bar share={part} label={`${name}: ${share(part, 0)}`} tone={one.lost_tokens > 0 ? 'warn' : 'accent'} />
              {cause === undefined ? null : <p className="mt-1 text-xs text-muted">{t(`cause_${cause}_help`)}</p>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
