import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import type { paths } from '../../api/schema.gen.ts';
import { count } from '../../format/numbers.ts';
import { span } from '../../format/spans.ts';
import { Badge } from '../../ui/badge.tsx';
import { Code } from '../../ui/code.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Note } from '../../ui/states.tsx';
import { LimitStanding } from './limit-standing.tsx';

type LimitList = paths['/admin/v1/limits']['get']['responses']['200']['content']['application/json'];
export type Limit = LimitList['data'][number];

const SNIPPET = `limits:
  - { per: key, requests: 600/1m, concurrency: 50 }
  - { per: user, requests: 30/1m, tokens: 100000/1m }
  - { per: project, id: search, requests: 50/1s, models: [embed] }`;

/** Counters move with each request; a look now and then is enough. */
const EVERY_MS = 10_000;

export function LimitsInForce() {
  const { t } = useTranslation('keys');
  const query = api.useQuery('get', '/admin/v1/limits', {}, { refetchInterval: EVERY_MS });
  return (
    <Panel title={t('limitsInForce')} hint={t('limitsInForceHint')} flush>
      <QueryView query={query}>{(list) => <LimitRows list={list} />}</QueryView>
    </Panel>
  );
}

function LimitRows({ list: { data, shared } }: { readonly list: Pick<LimitList, 'data' | 'shared'> }) {
  const { t } = useTranslation('keys');
  // The first of which something is known.
  const [chosen, setChosen] = useState(() =>
    Math.max(
      0,
      data.findIndex(({ subjects }) => subjects !== null),
    ),
  );
  if (data.length === 0) {
    return (
      <Empty title={t('noLimits')}>
        <p>{t('noLimitsHint')}</p>
        <Code text={SNIPPET} wrap className="mt-3 text-left" />
      </Empty>
    );
  }
  const limit = data[chosen] ?? data[0];
  // The same limit may be written twice.
  const distinct = data.map((one, at) => [`${one.text} ${at}`, one] as const);
  return (
    <>
      {data[0]?.origin === 'default' ? <Note className="mx-4 mb-3">{t('limitsDefault')}</Note> : null}
      <div className="grid border-t border-line lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <ul className="min-w-0 lg:border-r lg:border-line" aria-label={t('limitsInForce')}>
          {distinct.map(([key, one], at) => (
            <li key={key} className="border-b border-line/70 last:border-b-0">
              <LimitButton limit={one} isChosen={one === limit} onChoose={() => setChosen(at)} />
            </li>
          ))}
        </ul>
        {limit === undefined ? null : <LimitStanding limit={limit} shared={shared} />}
      </div>
    </>
  );
}

interface LimitButtonProps {
  readonly limit: Limit;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function LimitButton({ limit, isChosen, onChoose }: LimitButtonProps) {
  const { t } = useTranslation('keys');
  const { per, id, models, unit, burst, window_ms: windowMs } = limit;
  const amount =
    windowMs === null
      ? t('atOnce', { limit: count(limit.limit) })
      : t('perWindow', { limit: count(limit.limit), unit: t(`unit_${unit}`), window: span(windowMs) });
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={`flex w-full flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-left text-[13px] hover:bg-raised ${isChosen ? 'bg-accent-soft hover:bg-accent-soft' : ''}`}
    >
      <span className="min-w-44 font-medium tabular-nums">{amount}</span>
      <span className="text-muted">
        {t('per')} {t(`per_${per as 'key'}`)}
        {id === null ? null : <span className="text-ink"> {id}</span>}
      </span>
      {models.length === 0 ? null : <Badge>{t('onlyModels', { models: models.join(', ') })}</Badge>}
      {windowMs === null ? null : (
        <span className="ml-auto text-xs text-muted tabular-nums">
          {t('burst')} {count(burst)}
        </span>
      )}
    </button>
  );
}
