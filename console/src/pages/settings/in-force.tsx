import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useSearchState } from '../../shell/search-state.ts';
import { Badge } from '../../ui/badge.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Input, Select } from '../../ui/field.tsx';
import { Time } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { ORIGINS, type OriginKind, matches, originKind } from './effective.ts';
import type { Config, Effective } from './wire.ts';
import type { Place } from './yaml-editor.tsx';

type Words = TFunction<'settings'>;

interface InForceProps {
  readonly config: Config;
  /** Opens the file there. */
  readonly openAt: (place: Place) => void;
}

/** Every value that holds now, and where it came from. */
export function InForce({ config, openAt }: InForceProps) {
  const { t } = useTranslation('settings');
  const [{ q = '', origin = '' }, change] = useSearchState();
  const columns = useMemo(() => columnsOf(t, openAt), [t, openAt]);
  const rows = useMemo(() => config.effective.filter((one) => matches(one, q, origin)), [config.effective, q, origin]);
  const hint = (
    <>
      {t('loadedAt')} <Time at={config.loaded_at} />
    </>
  );
  const filters = (
    <>
      <Input
        type="search"
        aria-label={t('search', { ns: 'common' })}
        placeholder={t('searchHint')}
        className="w-64"
        value={q}
        onChange={({ target }) => change({ q: target.value })}
      />
      <Select
        aria-label={t('origin', { ns: 'common' })}
        className="w-40"
        value={origin}
        onChange={({ target }) => change({ origin: target.value })}
      >
        <option value="">{t('originAll')}</option>
        {ORIGINS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`origin_${kind}`)}
          </option>
        ))}
      </Select>
    </>
  );
  return (
    <Panel title={t('valuesInForce', { count: rows.length })} hint={hint} actions={filters} flush>
      <DataTable
        label={t('viewEffective')}
        columns={columns}
        rows={rows}
        rowKey={({ path, origin: from }) => `${path} ${from}`}
        height="calc(100dvh - 16rem)"
        empty={<Empty title={t('nothingFound', { ns: 'common' })}>{t('nothingInForce')}</Empty>}
      />
    </Panel>
  );
}

function columnsOf(t: Words, openAt: InForceProps['openAt']): Column<Effective>[] {
  return [
    {
      id: 'path',
      header: t('path'),
      width: 'minmax(16rem, 2fr)',
      sortBy: ({ path }) => path,
      cell: ({ path }) => (
        <code className="font-mono text-xs" title={path}>
          {path}
        </code>
      ),
    },
    {
      id: 'value',
      header: t('value'),
      width: 'minmax(12rem, 2fr)',
      cell: ({ value }) => (
        <code className="font-mono text-xs" title={String(value)}>
          {value === '' ? '""' : String(value)}
        </code>
      ),
    },
    {
      id: 'origin',
      header: t('origin', { ns: 'common' }),
      width: 'minmax(10rem, 1fr)',
      sortBy: ({ origin }) => origin,
      cell: (row) => <OriginCell row={row} openAt={openAt} />,
    },
    {
      id: 'restart',
      header: t('takesEffect'),
      width: '9rem',
      sortBy: ({ restart }) => (restart ? 1 : 0),
      cell: ({ restart }) => (restart ? t('afterRestart') : <span className="text-muted">{t('atOnce')}</span>),
    },
  ];
}

const TONES: Readonly<Record<OriginKind, 'neutral' | 'accent' | 'good' | 'warn'>> = {
  default: 'neutral',
  file: 'accent',
  env: 'warn',
  preset: 'neutral',
  admin: 'good',
};

interface OriginCellProps extends Pick<InForceProps, 'openAt'> {
  readonly row: Effective;
}

function OriginCell({ row: { origin, line, column, variables }, openAt }: OriginCellProps) {
  const { t } = useTranslation('settings');
  const kind = originKind(origin);
  const word = origin.startsWith('env:') ? origin.slice('env:'.length) : t(`origin_${kind}`);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Badge tone={TONES[kind]}>{word}</Badge>
      {line === null ? null : (
        <button
          type="button"
          className="text-xs text-accent hover:underline"
          onClick={() => openAt({ line, column: column ?? 1 })}
        >
          {t('lineNumber', { line })}
        </button>
      )}
      {variables.length === 0 ? null : (
        <span className="truncate font-mono text-xs text-muted">
          {variables.map((name) => `\${${name}}`).join(' ')}
        </span>
      )}
    </span>
  );
}
