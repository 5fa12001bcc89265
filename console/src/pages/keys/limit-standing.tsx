import { useTranslation } from 'react-i18next';

import { count } from '../../format/numbers.ts';
import { Bar } from '../../ui/progress.tsx';
import type { Limit } from './limits-in-force.tsx';
import { takenShare } from './limit-words.ts';

const NEARLY = 0.8;

/** How those stand who send most: what each may use at once now. */
export function LimitStanding({ limit, shared }: { readonly limit: Limit; readonly shared: boolean }) {
  const { t } = useTranslation('keys');
  const { subjects, per } = limit;
  return (
    <div className="min-w-0 border-t border-line px-4 py-3 lg:border-t-0">
      <h3 className="text-[13px] font-medium">{t('standing')}</h3>
      <p className="mb-2 text-xs text-muted">
        {t('standingHint')} {shared ? t('limitsShared') : t('limitsAlone')}
      </p>
      {subjects === null || subjects.length === 0 ? (
        <p className="text-[13px] text-muted">{per === 'ip' ? t('standingOfAddresses') : t('standingUnknown')}</p>
      ) : (
        <ul className="space-y-2">
          {subjects.map((subject) => (
            <Subject key={subject.id} subject={subject} limit={limit} />
          ))}
        </ul>
      )}
    </div>
  );
}

interface SubjectProps {
  readonly subject: NonNullable<Limit['subjects']>[number];
  readonly limit: Limit;
}

function Subject({ subject: { id, remaining }, limit: { burst, window_ms: windowMs } }: SubjectProps) {
  const { t } = useTranslation('keys');
  const taken = takenShare(remaining, burst);
  const figures = { subject: id, remaining: count(remaining), burst: count(burst) };
  return (
    <li className="text-[13px]">
      <div className="mb-0.5 flex items-baseline justify-between gap-3">
        <span className="min-w-0 truncate" title={id}>
          {id}
        </span>
        <span className="shrink-0 text-xs text-muted tabular-nums">
          {t(windowMs === null ? 'freeNow' : 'freeBurst', figures)}
        </span>
      </div>
      <Bar
        share={taken}
        label={t('freeNowLabel', figures)}
        tone={taken >= 1 ? 'bad' : taken >= NEARLY ? 'warn' : 'accent'}
      />
    </li>
  );
}
