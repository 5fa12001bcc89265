import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import type { paths } from '../../api/schema.gen.ts';
import { bytes, count, share } from '../../format/numbers.ts';
import { Panel } from '../../ui/panel.tsx';
import { Bar } from '../../ui/progress.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Note } from '../../ui/states.tsx';

type Level = paths['/admin/v1/cache']['get']['responses']['200']['content']['application/json']['memory'];

/** Where kept answers are. */
export function Levels() {
  const { t } = useTranslation('cache');
  const query = api.useQuery('get', '/admin/v1/cache');
  return (
    <Panel title={t('levels')} hint={t('levelsHint')}>
      <QueryView query={query}>
        {({ memory, redis }) => (
          <div className="grid gap-6 md:grid-cols-2">
            <LevelView name={t('memory')} level={memory} />
            {redis === null ? (
              <div className="space-y-2">
                <h3 className="text-[13px] font-medium">Redis</h3>
                <Note>{t('noRedis')}</Note>
              </div>
            ) : (
              <LevelView name="Redis" level={redis} />
            )}
          </div>
        )}
      </QueryView>
    </Panel>
  );
}

function LevelView({ name, level }: { readonly name: string; readonly level: Level }) {
  const { t } = useTranslation('cache');
  const { entries, bytes: held, max_bytes: most, hits, misses, evictions } = level;
  const part = most > 0 ? held / most : 0;
  const facts: readonly (readonly [label: string, value: string])[] = [
    [t('entries'), count(entries)],
    [t('found'), count(hits)],
    [t('notFound'), count(misses)],
    [t('foundShare'), share(hits + misses === 0 ? null : hits / (hits + misses))],
    [t('evictions'), count(evictions)],
  ];
  return (
    <div className="min-w-0 space-y-2">
      <div className="flex items-baseline justify-between gap-3 text-[13px]">
        <h3 className="font-medium">{name}</h3>
        <span className="tabular-nums">
          {bytes(held)} <span className="text-muted">/ {bytes(most)}</span>
        </span>
      </div>
      <Bar share={part} label={t('fullness', { name, share: share(part, 0) })} tone={part > 0.95 ? 'warn' : 'accent'} />
      <dl className="grid grid-cols-2 gap-x-4 gap-y-1 text-[13px] sm:grid-cols-3">
        {facts.map(([label, value]) => (
          <div key={label} className="flex justify-between gap-2 sm:block">
            <dt className="text-xs text-muted">{label}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
