import type { useTranslation } from 'react-i18next';

import { nameIn } from '../../api/usage.ts';
import { compact } from '../../format/numbers.ts';
import type { Column } from '../../ui/data-table.tsx';
import type { Group } from './usage-rows.ts';

type Words = ReturnType<typeof useTranslation<'cost'>>['t'];

/** Who or what a row is about. */
export function nameColumn<Row extends Readonly<Record<string, unknown>>>(by: Group | 'day', t: Words): Column<Row> {
  return {
    id: 'name',
    header: t(`group_${by}`),
    cell: (row) => nameIn(row, by) ?? <span className="text-muted">{t('nobody')}</span>,
    sortBy: (row) => nameIn(row, by),
    width: 'minmax(12rem, 2fr)',
  };
}

interface WithTokens {
  readonly tokens: { readonly input: number | null; readonly output: number | null };
}

export function tokenColumns<Row extends WithTokens>(t: Words): Column<Row>[] {
  return (['input', 'output'] as const).map((name) => ({
    id: name,
    header: t(name),
    cell: ({ tokens }) => compact(tokens[name]),
    sortBy: ({ tokens }) => tokens[name],
    align: 'right',
    width: 'minmax(6rem, 0.6fr)',
  }));
}
