import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { useSeesAll } from '../api/session.ts';
import { PageHeader, type SubPage } from '../ui/page-header.tsx';
import { Panel } from '../ui/panel.tsx';
import { Empty } from '../ui/states.tsx';

interface WholeGatewayProps {
  readonly title: ReactNode;
  readonly pages?: readonly SubPage[];
  /** Asks for nothing before it is drawn, which it is only for those who may see it. */
  readonly children: ReactNode;
}

/** Around a page of what is of the whole gateway: those who see some projects alone are told so, and nothing is asked. */
export function WholeGateway({ title, pages, children }: WholeGatewayProps) {
  const { t } = useTranslation('shell');
  if (useSeesAll()) return children;
  return (
    <>
      <PageHeader title={title} {...(pages && { pages })} />
      <Panel>
        <Empty title={t('wholeGateway')}>{t('wholeGatewayHint')}</Empty>
      </Panel>
    </>
  );
}
