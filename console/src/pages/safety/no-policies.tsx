import { useTranslation } from 'react-i18next';

import { Code } from '../../ui/code.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';

const SNIPPET = `guards:
  default:
    validation: {}
    pii: { input: redact }
    injection: { input: block }
    keywords: { lists: { ours: { words: [project aurora] } } }
defaults: { guards: default }`;

export function NoPolicies() {
  const { t } = useTranslation('safety');
  return (
    <Panel>
      <Empty title={t('noPolicies')}>
        <p>{t('noPoliciesHint')}</p>
        <Code text={SNIPPET} wrap className="my-3 text-left" />
        <p>{t('noPoliciesThen')}</p>
      </Empty>
    </Panel>
  );
}
