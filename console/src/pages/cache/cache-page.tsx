import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { useTimeRange } from '../../shell/time-range.ts';
import { WholeGateway } from '../../shell/whole-gateway.tsx';
import { Button } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { CacheModels } from './cache-models.tsx';
import { CacheTotals } from './cache-totals.tsx';
import { HitChart } from './hit-chart.tsx';
import { Levels } from './levels.tsx';
import { PromptChart } from './prompt-chart.tsx';
import { Purge } from './purge.tsx';
import { Semantic } from './semantic.tsx';
import { useCacheTabs } from './tabs.ts';

/** What need not be asked twice: how often that was so, what is kept, and how sure the semantic cache is. */
export function Page() {
  const { t } = useTranslation('cache');
  return (
    <WholeGateway title={t('title')} pages={useCacheTabs()}>
      <Caches />
    </WholeGateway>
  );
}

function Caches() {
  const { t } = useTranslation(['cache', 'common']);
  const range = useTimeRange('24h');
  const [isPurging, setPurging] = useState(false);
  const mayEdit = useMay('editor');
  const window = { since: range.since, ...(range.until !== undefined && { until: range.until }) };
  const overview = api.useQuery('get', '/admin/v1/overview', { params: { query: window } });
  const actions = (
    <>
      <RangePicker range={range} />
      <Button
        kind="danger"
        disabled={!mayEdit}
        title={mayEdit ? undefined : t('common:needsRole', { role: 'editor' })}
        onClick={() => setPurging(true)}
      >
        <Trash2 aria-hidden />
        {t('purge')}
      </Button>
    </>
  );
  return (
    <>
      <PageHeader title={t('title')} hint={t('hint')} pages={useCacheTabs()} actions={actions} />
      <div className="grid gap-4">
        <CacheTotals overview={overview} window={window} />
        <div className="grid gap-4 xl:grid-cols-2">
          <HitChart overview={overview} />
          <PromptChart window={window} lengthMs={range.lengthMs} />
        </div>
        <CacheModels />
        <Semantic />
        <Levels />
      </div>
      {isPurging ? <Purge onClose={() => setPurging(false)} /> : null}
    </>
  );
}
