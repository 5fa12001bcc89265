import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { compact, money, share } from '../../format/numbers.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Time } from '../../ui/figures.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty, Note } from '../../ui/states.tsx';
import { Causes } from './prompt-causes.tsx';
import { FindingView } from './prompt-finding.tsx';
import { PromptState } from './prompt-groups.tsx';
import { type GroupDetail, expectedRate } from './prompt-words.ts';

/** Everything that is known of one group of prompts. */
export function PromptGroup({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { t } = useTranslation('cache');
  const query = api.useQuery('get', '/admin/v1/prompt-cache/{group}', { params: { path: { group: id } } });
  return (
    <Dialog open onClose={onClose} side title={query.data?.model ?? t('group')} hint={query.data?.target ?? id}>
      <QueryView query={query}>{(group) => <Detail group={group} />}</QueryView>
    </Dialog>
  );
}

function Detail({ group }: { readonly group: GroupDetail }) {
  const { t } = useTranslation('cache');
  const { findings, breakpoints } = group;
  return (
    <div className="space-y-5 pb-4">
      <Facts group={group} />
      {breakpoints === 'stopped' ? <Note tone="warn">{t('breakpointsStopped')}</Note> : null}
      <Causes causes={group.causes} />
      <section className="space-y-3">
        <h3 className="text-sm font-semibold">{t('findings')}</h3>
        {findings.length === 0 ? <Empty title={t('noFindings')} className="py-4" /> : null}
        {findings.map((finding) => (
          <FindingView key={`${finding.segment} ${finding.byte_offset} ${finding.kind}`} finding={finding} />
        ))}
      </section>
    </div>
  );
}

function Facts({ group }: { readonly group: GroupDetail }) {
  const { t } = useTranslation(['cache', 'common']);
  const facts: readonly (readonly [label: string, value: string])[] = [
    [t('common:project'), group.project ?? '–'],
    [t('endpoint'), group.endpoint],
    [t('rateNow'), share(group.hit_rate_now)],
    [t('rate24h'), share(group.hit_rate_24h)],
    [t('rateBefore'), share(group.hit_rate_before)],
    [t('rateExpected'), share(expectedRate(group))],
    [t('readTokens'), compact(group.cached_tokens_24h)],
    [t('lostTokens'), compact(group.lost_tokens_24h)],
    [t('savedUsd'), money(group.saved_usd_24h)],
    [t('lostUsd'), money(group.lost_usd_24h)],
  ];
  return (
    <div className="space-y-3">
      <div className="flex items-center gap-3 text-xs text-muted">
        <PromptState state={group.state} />
        <span>
          {t('knownSince')} <Time at={group.since} />
        </span>
      </div>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 text-[13px] sm:grid-cols-3">
        {facts.map(([label, value]) => (
          <div key={label} className="min-w-0">
            <dt className="text-xs text-muted">{label}</dt>
            <dd className="truncate tabular-nums" title={value}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
