import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { WholeGateway } from '../../shell/whole-gateway.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { useAlertTabs } from './tabs.ts';

/** Around each page of alerts, before it asks for anything: they are about the whole gateway. */
export function OfAlerts({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('alerts');
  return (
    <WholeGateway title={t('title')} pages={useAlertTabs()}>
      {children}
    </WholeGateway>
  );
}

export function AlertsHeader({ actions }: { readonly actions?: ReactNode }) {
  const { t } = useTranslation('alerts');
  return <PageHeader title={t('title')} hint={t('hint')} pages={useAlertTabs()} actions={actions} />;
}
