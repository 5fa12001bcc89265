import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { known } from '../requests/badges.tsx';
import { usePlaceName } from './place-name.ts';
import type { Policy, PolicyGuard } from './wire.ts';

/** What guards are told to do, and to whose requests. */
export function PoliciesInForce({ policies }: { readonly policies: readonly Policy[] }) {
  const { t } = useTranslation('safety');
  return (
    <Panel title={t('inForce')} hint={t('inForceHint')} flush>
      {policies.map((policy) => (
        <PolicyView key={policy.name} policy={policy} />
      ))}
    </Panel>
  );
}

function PolicyView({ policy }: { readonly policy: Policy }) {
  const { t } = useTranslation('safety');
  const columns = useColumns();
  const { name, version, guards, models, projects, unscreened, reversible, unsealed } = policy;
  const remarks = [
    reversible ? t('reversible') : t('irreversible'),
    unscreened === 'refuse' ? t('unscreened_refuse') : t('unscreened_allow'),
  ];
  return (
    <section aria-label={name} className="border-t border-line">
      <div className="flex flex-wrap items-center justify-between gap-2 px-4 pt-3 pb-1">
        <h3 className="flex min-w-0 flex-wrap items-center gap-2 text-[13px] font-semibold">
          <span className="truncate">{name}</span>
          <code className="font-mono text-xs font-normal text-muted">{version}</code>
          {unsealed ? <Badge tone="warn">{t('unsealed')}</Badge> : null}
        </h3>
        <Button asChild size="small">
          <Link to="/safety/try" search={{ policy: name }}>
            {t('tryPolicy')}
          </Link>
        </Button>
      </div>
      <p className="px-4 text-xs text-muted">{remarks.join(' · ')}</p>
      <div className="flex flex-wrap gap-x-6 gap-y-1 px-4 pt-1 pb-2 text-xs">
        {models.length + projects.length === 0 ? <span className="text-muted">{t('usedByNobody')}</span> : null}
        <UsedBy label={t('models')} names={models} />
        <UsedBy label={t('projects')} names={projects} />
      </div>
      <DataTable
        label={name}
        columns={columns}
        rows={guards}
        rowKey={({ name: guard, kind }) => `${kind} ${guard}`}
        empty={<Empty title={t('noGuards')} className="py-4" />}
      />
    </section>
  );
}

function UsedBy({ label, names }: { readonly label: string; readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <span className="min-w-0">
      <span className="text-muted">{label}: </span>
      <span className="break-words">{names.join(', ')}</span>
    </span>
  );
}

function useColumns(): readonly Column<PolicyGuard>[] {
  const { t } = useTranslation('safety');
  return useMemo(
    () => [
      {
        id: 'guard',
        header: t('guard'),
        cell: ({ name }) => <span className="font-medium">{name}</span>,
        width: 'minmax(7rem, 1fr)',
      },
      {
        id: 'kind',
        header: t('kind'),
        cell: (guard) => <KindWords guard={guard} />,
        width: 'minmax(9rem, 1.5fr)',
      },
      {
        id: 'actions',
        header: t('actionsBy'),
        cell: ({ actions }) => <Actions actions={actions} />,
        width: 'minmax(18rem, 3fr)',
      },
      {
        id: 'threshold',
        header: t('threshold'),
        // At 0 everything counts that it finds.
        cell: ({ threshold }) => threshold || <span className="text-muted">–</span>,
        align: 'right',
        width: '6rem',
      },
      {
        id: 'failure',
        header: t('onFailure'),
        cell: ({ on_failure: failure }) => (failure === 'open' ? t('failure_open') : t('failure_closed')),
        width: '9rem',
      },
    ],
    [t],
  );
}

function KindWords({ guard: { kind, asks } }: { readonly guard: PolicyGuard }) {
  const { t } = useTranslation('safety');
  if (asks !== null) return <span title={asks}>{t('kind_judge', { whom: asks })}</span>;
  return <>{kind === 'check' ? t('kind_check') : t('kind_scan')}</>;
}

const TONES: Readonly<Record<string, Tone>> = { flag: 'neutral', redact: 'accent', block: 'bad', review: 'warn' };

/** Where it looks, and what follows; where it does not look is left out. */
function Actions({ actions }: { readonly actions: Readonly<Record<string, string>> }) {
  const { t } = useTranslation('safety');
  const placeName = usePlaceName();
  const words = t('action', { returnObjects: true });
  const looks = Object.entries(actions).filter(([, action]) => action !== 'off');
  if (looks.length === 0) return <span className="text-muted">{words.off}</span>;
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-1">
      {looks.map(([place, action]) => {
        const name = known(words, action);
        return (
          <span key={place} className="inline-flex items-center gap-1.5">
            <span className="text-xs text-muted">{placeName(place)}</span>
            <Badge tone={TONES[action] ?? 'neutral'}>{name === undefined ? action : words[name]}</Badge>
          </span>
        );
      })}
    </span>
  );
}
