import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { useSeesAll } from '../../api/session.ts';
import { useTimeRange } from '../../shell/time-range.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { PageSkeleton } from '../../ui/skeleton.tsx';
import { ProjectChoice } from '../../shell/project-choice.tsx';
import { useVerdicts } from './ask-verdicts.ts';
import { NoPolicies } from './no-policies.tsx';
import { PoliciesInForce } from './policies-in-force.tsx';
import { RecentFinds } from './recent-finds.tsx';
import { SafetyEvents } from './safety-events.tsx';
import { TopFinds } from './top-finds.tsx';
import { useSafetyTabs } from './tabs.ts';
import { VerdictChart } from './verdict-chart.tsx';
import { totalsOf } from './verdict-sums.ts';
import { VerdictTiles } from './verdict-tiles.tsx';
import type { Policy } from './wire.ts';

const CHOICES = ['1h', '6h', '24h', '7d', '30d'] as const;

/** What guards found of late, and what they are told to do. */
export function Page() {
  const { t } = useTranslation('safety');
  const range = useTimeRange('24h');
  const choices = (
    <>
      <ProjectChoice />
      <RangePicker range={range} choices={CHOICES} />
    </>
  );
  const seesAll = useSeesAll();
  return (
    <>
      <PageHeader title={t('title')} hint={t('hint')} pages={useSafetyTabs()} actions={choices} />
      {seesAll ? <WithPolicies /> : <Figures />}
    </>
  );
}

/** Policies are everybody's, and so only shown to those who see everything. */
function WithPolicies() {
  const policies = api.useQuery('get', '/admin/v1/guards');
  return (
    <QueryView query={policies} skeleton={<PageSkeleton />}>
      {({ data }) => (data.length === 0 ? <NoPolicies /> : <Figures policies={data} />)}
    </QueryView>
  );
}

function Figures({ policies }: { readonly policies?: readonly Policy[] }) {
  const range = useTimeRange('24h');
  const verdicts = useVerdicts('guard,verdict', range);
  return (
    <QueryView query={verdicts} skeleton={<PageSkeleton />}>
      {(answer) => {
        const totals = totalsOf(answer.data);
        return (
          <div className="grid gap-4">
            <VerdictTiles totals={totals} range={range} />
            <VerdictChart answer={answer} totals={totals} />
            <TopFinds rows={answer.data} range={range} />
            <div className="grid gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(18rem,1fr)]">
              <RecentFinds totals={totals} range={range} />
              {policies === undefined ? null : <SafetyEvents />}
            </div>
            {policies === undefined ? null : <PoliciesInForce policies={policies} />}
          </div>
        );
      }}
    </QueryView>
  );
}
