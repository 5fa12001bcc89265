import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Code } from '../../ui/code.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';

const SNIPPET = `budgets:
  - { per: project, id: support, usd: 100, period: month, hard: true }
  - { per: user, tokens: 1000000, period: day }`;

export function NoBudgets({ action }: { readonly action: ReactNode }) {
  const { t } = useTranslation('cost');
  return (
    <Panel>
      <Empty title={t('noBudgets')} action={action}>
        <p>{t('noBudgetsHint')}</p>
        <Code text={SNIPPET} wrap className="mt-3 text-left" />
      </Empty>
    </Panel>
  );
}
