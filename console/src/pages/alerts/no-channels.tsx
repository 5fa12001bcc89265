import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';

const SNIPPET = `alerts:
  source: Causeway production
  channels:
    ops: { type: slack, url: "\${SLACK_WEBHOOK_URL}" }
    oncall:
      type: feishu
      url: "\${FEISHU_WEBHOOK_URL}"
      secret: "\${FEISHU_SECRET}"
      language: zh
  # rules: left out, the usual ones hold`;

/** A gateway that tells nobody: how to change that. */
export function NoChannels() {
  const { t } = useTranslation('alerts');
  return (
    <Panel>
      <Empty
        title={t('noChannels')}
        className="max-w-3xl"
        action={
          <Button asChild>
            <Link to="/alerts/events">{t('seeEvents')}</Link>
          </Button>
        }
      >
        <p>{t('noChannelsHint')}</p>
        <Code text={SNIPPET} wrap className="my-3 text-left" />
        <p>{t('noChannelsAfter')}</p>
      </Empty>
    </Panel>
  );
}
