import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';

function snippet(): string {
  return [
    `curl ${location.origin}/v1/chat/completions \\`,
    `  -H "authorization: Bearer $CAUSEWAY_KEY" \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '{"model": "sim/small", "messages": [{"role": "user", "content": "Hello"}]}'`,
  ].join('\n');
}

/** Nothing was sent in this time. */
export function NoUsage() {
  const { t } = useTranslation('cost');
  const toKeys = (
    <Button asChild>
      <Link to="/keys">{t('makeKey')}</Link>
    </Button>
  );
  return (
    <Panel>
      <Empty title={t('noUsage')} action={toKeys}>
        <p>{t('noUsageHint')}</p>
        <Code text={snippet()} className="mt-3 w-full text-left" />
      </Empty>
    </Panel>
  );
}
