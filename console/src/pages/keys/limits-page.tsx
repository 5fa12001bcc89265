import { useTranslation } from 'react-i18next';

import { WholeGateway } from '../../shell/whole-gateway.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Blocks } from './blocks.tsx';
import { BudgetSummary } from './budget-summary.tsx';
import { LimitsInForce } from './limits-in-force.tsx';
import { Refusals } from './refusals.tsx';
import { useKeyTabs } from './tabs.ts';

/** What holds requests back, and whom it held back. */
export function Page() {
  const { t } = useTranslation('keys');
  return (
    <WholeGateway title={t('title')} pages={useKeyTabs()}>
      <Limits />
    </WholeGateway>
  );
}

function Limits() {
  const { t } = useTranslation('keys');
  return (
    <>
      <PageHeader title={t('title')} hint={t('limitsHint')} pages={useKeyTabs()} />
      <div className="grid gap-4">
        <LimitsInForce />
        <div className="grid gap-4 xl:grid-cols-2">
          <BudgetSummary />
          <Refusals />
        </div>
        <Blocks />
      </div>
    </>
  );
}
