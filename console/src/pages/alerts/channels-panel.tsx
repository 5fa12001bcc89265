import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { Badge } from '../../ui/badge.tsx';
import { Ago } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ChannelType } from './channel-type.tsx';
import { TestButton } from './test-button.tsx';
import type { Channel, Delivery } from './wire.ts';

/** Enough to have the last one of each channel, as a rule. */
const LATEST = '200';

interface ChannelsPanelProps {
  readonly channels: readonly Channel[];
  readonly onTest: (channel: Channel) => void;
}

/** Whom alerts go to, and whether that worked the last time. */
export function ChannelsPanel({ channels, onTest }: ChannelsPanelProps) {
  const { t } = useTranslation('alerts');
  const { data } = api.useQuery('get', '/admin/v1/alerts/deliveries', { params: { query: { limit: LATEST } } });
  return (
    <Panel title={t('channels')} hint={t('channelsHint')} flush>
      <ul className="border-t border-line">
        {channels.map((channel) => (
          <li
            key={channel.name}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line/70 px-4 py-2 text-[13px] last:border-b-0"
          >
            <span className="w-36 min-w-0 truncate font-medium" title={channel.name}>
              {channel.name}
            </span>
            <span className="w-32">
              <ChannelType type={channel.type} />
            </span>
            <span className="w-20 text-muted">{channel.language === 'zh' ? t('languages.zh') : t('languages.en')}</span>
            <span className="min-w-40 flex-1">
              {data === undefined ? null : <Last of={channel.name} deliveries={data.data} />}
            </span>
            <TestButton
              label={t('test')}
              name={t('testNamed', { channel: channel.name })}
              onTest={() => onTest(channel)}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Last({ of, deliveries }: { readonly of: string; readonly deliveries: readonly Delivery[] }) {
  const { t } = useTranslation('alerts');
  const last = deliveries.find(({ channel }) => channel === of);
  if (last === undefined) return <span className="text-muted">{t('neverSent')}</span>;
  const hasFailed = last.outcome === 'failed';
  return (
    <Link to="/alerts/deliveries" search={{ channel: of }} className="inline-flex items-center gap-2 hover:underline">
      {hasFailed ? <Badge tone="bad">{t('lastFailed')}</Badge> : <span className="text-muted">{t('lastSent')}</span>}
      <span className="text-muted">
        <Ago at={last.at} />
      </span>
    </Link>
  );
}
