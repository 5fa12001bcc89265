import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useSession } from '../../api/session.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { useAlertTabs } from './tabs.ts';

interface AlertsFrameProps {
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Around the pages of alerts, which are nothing for those who see some projects alone. */
export function AlertsFrame({ actions, children }: AlertsFrameProps) {
  const { t } = useTranslation('alerts');
  const { data: operator } = useSession();
  const pages = useAlertTabs();
  const seesAll = operator?.projects === null;
  return (
    <>
      <PageHeader title={t('title')} hint={t('hint')} pages={pages} actions={seesAll ? actions : undefined} />
      {seesAll ? (
        children
      ) : (
        <Panel>
          <Empty title={t('wholeGateway')}>{t('wholeGatewayHint')}</Empty>
        </Panel>
      )}
    </>
  );
}
