import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Objectives } from '../../objectives/objectives.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { PageSkeleton } from '../../ui/skeleton.tsx';
import { Note } from '../../ui/states.tsx';
import { AlertsHeader, OfAlerts } from './alerts-frame.tsx';
import { ChannelsPanel } from './channels-panel.tsx';
import { NoChannels } from './no-channels.tsx';
import { RulesPanel } from './rules-panel.tsx';
import { TestButton } from './test-button.tsx';
import { TestDialog } from './test-dialog.tsx';
import { useAlerts } from './use-alerts.ts';
import type { AlertsAnswer, Channel } from './wire.ts';

/** What is watched, what it sees now, and who is told. */
export function Page() {
  return (
    <OfAlerts>
      <Alerts />
    </OfAlerts>
  );
}

function Alerts() {
  const { t } = useTranslation('alerts');
  const query = useAlerts();
  const [testing, setTesting] = useState<readonly Channel[]>();
  const channels = query.data?.channels ?? [];
  const testAll =
    channels.length < 2 ? undefined : <TestButton label={t('testAll')} onTest={() => setTesting(channels)} />;
  return (
    <>
      <AlertsHeader actions={testAll} />
      <QueryView query={query} skeleton={<PageSkeleton />}>
        {(answer) => <Watched answer={answer} onTest={(channel) => setTesting([channel])} />}
      </QueryView>
      {testing === undefined ? null : <TestDialog channels={testing} onClose={() => setTesting(undefined)} />}
    </>
  );
}

interface WatchedProps {
  readonly answer: AlertsAnswer;
  readonly onTest: (channel: Channel) => void;
}

function Watched({ answer, onTest }: WatchedProps) {
  const { t } = useTranslation('alerts');
  const { data: rules, channels, waiting } = answer;
  return (
    <div className="space-y-4">
      {waiting === 0 ? null : <Note tone="warn">{t('waiting', { count: waiting })}</Note>}
      {channels.length === 0 ? <NoChannels /> : null}
      {rules.length === 0 && channels.length === 0 ? null : <RulesPanel rules={rules} channels={channels} />}
      {channels.length === 0 ? null : <ChannelsPanel channels={channels} onTest={onTest} />}
      <Objectives wide />
    </div>
  );
}
