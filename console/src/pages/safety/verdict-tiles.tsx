import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { Sparkline } from '../../charts/sparkline.tsx';
import { compact, share } from '../../format/numbers.ts';
import type { TimeRange } from '../../shell/time-range.ts';
import { Stat } from '../../ui/stat.tsx';
import { useProject } from './ask-verdicts.ts';
import { requestsSearch } from './requests-search.ts';
import type { VerdictTotals } from './verdict-sums.ts';

const TILES = [
  ['blocked', 'bad'],
  ['review', 'plain'],
  ['redacted', 'plain'],
  ['flagged', 'plain'],
  ['failed', 'warn'],
] as const;

interface VerdictTilesProps {
  readonly totals: VerdictTotals;
  readonly range: TimeRange;
}

/** How much guards looked at, and what came of it. */
export function VerdictTiles({ totals, range }: VerdictTilesProps) {
  const { t } = useTranslation('safety');
  const project = useProject();
  const { looks, notLooked, guards, finds } = totals;
  const skipped =
    notLooked > 0 ? t('notLooked', { count: notLooked, replace: { count: compact(notLooked) } }) : undefined;
  const by = guards > 0 ? <span title={skipped}>{t('looksNote', { count: guards })}</span> : t('noneOfThem');
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
      <Stat
        label={t('looks')}
        value={compact(looks.total)}
        note={by}
        chart={<Sparkline values={looks.counts} label={t('looks')} />}
      />
      {TILES.map(([find, tone]) => {
        const { total, counts } = finds[find];
        return (
          <Stat
            key={find}
            label={t(`tile.${find}`)}
            value={compact(total)}
            tone={total > 0 ? tone : 'plain'}
            note={
              total === 0 ? (
                t('noneOfThem')
              ) : (
                <Link
                  to="/requests"
                  search={requestsSearch({ verdict: find, project, range })}
                  className="underline-offset-2 hover:text-ink hover:underline"
                >
                  {t('ofLooks', { share: share(total / looks.total) })}
                </Link>
              )
            }
            chart={<Sparkline values={counts} label={t(`tile.${find}`)} />}
          />
        );
      })}
    </div>
  );
}
