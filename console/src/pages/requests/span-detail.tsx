import { useTranslation } from 'react-i18next';

import { duration } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Json } from '../../ui/code.tsx';
import { AttemptDetail } from './attempt-detail.tsx';
import { known } from './badges.tsx';
import { PatchList } from './patch-list.tsx';
import { isRecord } from '../../format/is-record.ts';
import { type Trace, patchesOf } from './trace-types.ts';
import type { Bar } from './waterfall.ts';

const TONES = { ok: 'good', failed: 'bad', aborted: 'warn' } as const;

export function SpanDetail({ bar, trace }: { readonly bar: Bar; readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  const kinds = t('kind', { returnObjects: true });
  const kind = known(kinds, bar.kind);
  const status = known(TONES, bar.status);
  const attempt = bar.attempt === undefined ? undefined : trace.attempts[bar.attempt];
  return (
    <section className="mt-3 rounded-md border border-line p-3" aria-label={t('detail')}>
      <header className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px]">
        <h3 className="font-semibold break-all">
          {kind === undefined ? bar.kind : kinds[kind]} · {bar.name}
        </h3>
        {status === undefined ? null : <Badge tone={TONES[status]}>{t(`spanStatus.${status}`)}</Badge>}
        <span className="text-xs text-muted">
          {bar.startMs === null
            ? t('startUnknown')
            : t('startsAt', { start: duration(bar.startMs), duration: duration(bar.durationMs) })}
        </span>
      </header>
      {attempt !== undefined && bar.attempt !== undefined ? (
        <AttemptDetail attempt={attempt} index={bar.attempt} trace={trace} />
      ) : (
        <OtherDetail bar={bar} trace={trace} />
      )}
    </section>
  );
}

function OtherDetail({ bar, trace }: { readonly bar: Bar; readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  if (bar.kind === 'request') return <PatchList patches={patchesOf(trace.patches)} input={trace.input} />;
  const detail = bar.span?.detail;
  const isEmpty = !isRecord(detail) || Object.keys(detail).length === 0;
  return isEmpty ? <p className="text-[13px] text-muted">{t('noDetail')}</p> : <Json value={detail} />;
}
