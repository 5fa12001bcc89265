import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { type SavingsRow } from '../../api/usage.ts';
import { compact, count, money, share } from '../../format/numbers.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { type Mechanism, type MechanismRow, knownMechanism, mechanismRows, savesTokens } from './savings-rows.ts';

/** Where each is turned on and looked at. */
const PAGES: Readonly<Record<Mechanism, string>> = {
  exact: '/cache',
  coalesced: '/cache',
  semantic: '/cache',
  'prompt-cache': '/cache/prompts',
  routing: '/models',
};

function MechanismName({ mechanism }: { readonly mechanism: string }) {
  const { t } = useTranslation('cost');
  const known = knownMechanism(mechanism);
  return <span className="font-medium">{known === undefined ? mechanism : t(`mechanism_${known}`)}</span>;
}

function Means({ mechanism }: { readonly mechanism: string }) {
  const { t } = useTranslation('cost');
  const known = knownMechanism(mechanism);
  if (known === undefined) return null;
  return <span className="whitespace-normal text-muted">{t(`mechanism_${known}_means`)}</span>;
}

function Tokens({ of: { mechanism, saved } }: { readonly of: MechanismRow }) {
  const { t } = useTranslation('cost');
  if (!savesTokens(mechanism)) return <span title={t('tokensSentElsewhere')}>–</span>;
  return compact(saved ? saved.tokens.input + saved.tokens.output : 0);
}

function TurnOn({ of: { mechanism, saved } }: { readonly of: MechanismRow }) {
  const { t } = useTranslation('cost');
  const known = knownMechanism(mechanism);
  if (known === undefined) return null;
  return (
    <Link to={PAGES[known]} className="text-accent underline underline-offset-2">
      {saved ? t('lookAtCache') : t('turnOn')}
    </Link>
  );
}

interface MechanismTableProps {
  readonly rows: readonly SavingsRow[];
  /** By all of them. */
  readonly savedUsd: number;
}

export function MechanismTable({ rows, savedUsd }: MechanismTableProps) {
  const { t } = useTranslation('cost');
  const all = useMemo(() => mechanismRows(rows), [rows]);
  const columns = useMechanismColumns(savedUsd);
  return <DataTable label={t('byMechanism')} columns={columns} rows={all} rowKey={({ mechanism }) => mechanism} />;
}

function useMechanismColumns(savedUsd: number): readonly Column<MechanismRow>[] {
  const { t } = useTranslation('cost');
  return useMemo<Column<MechanismRow>[]>(() => {
    const right = { align: 'right', width: 'minmax(6rem, 0.6fr)' } as const;
    return [
      {
        id: 'mechanism',
        header: t('mechanism'),
        cell: ({ mechanism }) => <MechanismName mechanism={mechanism} />,
        width: 'minmax(8rem, 0.8fr)',
      },
      {
        id: 'means',
        header: t('means'),
        cell: ({ mechanism }) => <Means mechanism={mechanism} />,
        width: 'minmax(18rem, 3fr)',
      },
      { id: 'requests', header: t('requests'), cell: ({ saved }) => count(saved?.requests ?? 0), ...right },
      { id: 'saved', header: t('saved'), cell: ({ saved }) => money(saved?.saved_usd ?? 0), ...right },
      {
        id: 'share',
        header: t('share'),
        cell: ({ saved }) => (savedUsd > 0 ? share((saved?.saved_usd ?? 0) / savedUsd) : '–'),
        ...right,
      },
      {
        id: 'tokens',
        header: t('tokens'),
        cell: (row) => <Tokens of={row} />,
        ...right,
      },
      { id: 'unknown', header: t('unknown'), cell: ({ saved }) => count(saved?.unknown_requests ?? 0), ...right },
      {
        id: 'turn-on',
        header: '',
        cell: (row) => <TurnOn of={row} />,
        width: 'minmax(6rem, 0.7fr)',
      },
    ];
  }, [t, savedUsd]);
}
