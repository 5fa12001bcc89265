import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { compact, money, share } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Code } from '../../ui/code.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { type Group, STATE_TONES, expectedRate, kindOf } from './prompt-words.ts';

const SNIPPET = `models:
  chat:
    target: claude/claude-sonnet-4-6
    promptCache: { breakpoints: true, ttl: 5m }`;

export function PromptState({ state }: { readonly state: string }) {
  const { t } = useTranslation('cache');
  const word = state === 'ok' || state === 'low' || state === 'falling' ? t(`prompt_${state}`) : state;
  return <Badge tone={STATE_TONES[state] ?? 'neutral'}>{word}</Badge>;
}

function TopFinding({ group: { top_finding: top } }: { readonly group: Group }) {
  const { t } = useTranslation('cache');
  if (top === null) return <span className="text-muted">–</span>;
  const kind = kindOf(top.kind);
  return (
    <span title={`${top.segment} · ${top.byte_offset}`}>
      {kind === undefined ? top.kind : t(`finding_${kind}`)}{' '}
      <span className="font-mono text-xs text-muted">{top.segment}</span>
    </span>
  );
}

function useNameColumns(): readonly Column<Group>[] {
  const { t } = useTranslation(['cache', 'common']);
  return useMemo(
    () => [
      {
        id: 'state',
        header: t('common:status'),
        cell: ({ state }) => <PromptState state={state} />,
        sortBy: ({ state }) => state,
        width: '5rem',
      },
      {
        id: 'project',
        header: `${t('common:project')} / ${t('common:model')}`,
        cell: ({ project, model }) => (
          <span title={`${project ?? '–'} / ${model}`}>
            {project ?? '–'} / <span className="font-medium">{model}</span>
          </span>
        ),
        sortBy: ({ project, model }) => `${project ?? ''} ${model}`,
        width: 'minmax(8rem, 1.2fr)',
      },
      {
        id: 'target',
        header: t('common:target'),
        cell: ({ target, endpoint }) => <span title={endpoint}>{target}</span>,
        sortBy: ({ target }) => target,
        width: 'minmax(8rem, 1.2fr)',
      },
    ],
    [t],
  );
}

function useFigureColumns(): readonly Column<Group>[] {
  const { t } = useTranslation(['cache', 'common']);
  return useMemo(
    () => [
      {
        id: 'now',
        header: t('rateNow'),
        cell: ({ hit_rate_now: rate }) => share(rate),
        sortBy: ({ hit_rate_now: rate }) => rate,
        align: 'right',
        width: '4rem',
      },
      {
        id: 'day',
        header: t('rate24h'),
        cell: ({ hit_rate_24h: rate }) => share(rate),
        sortBy: ({ hit_rate_24h: rate }) => rate,
        align: 'right',
        width: '4.5rem',
      },
      {
        id: 'expected',
        header: t('rateExpected'),
        cell: (group) => share(expectedRate(group)),
        sortBy: expectedRate,
        align: 'right',
        width: '5rem',
      },
      {
        id: 'lost',
        header: t('lostTokens'),
        cell: ({ lost_tokens_24h: lost }) => compact(lost),
        sortBy: ({ lost_tokens_24h: lost }) => lost,
        align: 'right',
        width: '6.5rem',
      },
      {
        id: 'cost',
        header: t('lostUsd'),
        cell: ({ lost_usd_24h: lost }) => money(lost),
        sortBy: ({ lost_usd_24h: lost }) => lost,
        align: 'right',
        width: '4.5rem',
      },
      {
        id: 'top',
        header: t('topFinding'),
        cell: (group) => <TopFinding group={group} />,
        width: 'minmax(9rem, 1.4fr)',
      },
    ],
    [t],
  );
}

function useColumns(): readonly Column<Group>[] {
  const names = useNameColumns();
  const figures = useFigureColumns();
  return useMemo(() => [...names, ...figures], [names, figures]);
}

interface PromptGroupsProps {
  readonly state: string | undefined;
  readonly onOpen: (id: string) => void;
}

export function PromptGroups({ state, onOpen }: PromptGroupsProps) {
  const { t } = useTranslation('cache');
  const columns = useColumns();
  const query = api.useQuery('get', '/admin/v1/prompt-cache', {
    params: { query: { limit: '500', ...(state !== undefined && { state }) } },
  });
  const empty =
    state === undefined ? (
      <Empty title={t('noGroups')}>
        <p>{t('noGroupsHint')}</p>
        <Code text={SNIPPET} wrap className="mt-3 text-left" />
      </Empty>
    ) : (
      <Empty title={t('noGroupsSo')}>{t('noGroupsSoHint')}</Empty>
    );
  return (
    <QueryView query={query}>
      {({ data }) => (
        <DataTable
          label={t('groups')}
          columns={columns}
          rows={data}
          rowKey={({ id }) => id}
          onOpen={({ id }) => onOpen(id)}
          {...(data.length > 15 && { height: 'calc(100dvh - 17rem)' })}
          empty={empty}
        />
      )}
    </QueryView>
  );
}
