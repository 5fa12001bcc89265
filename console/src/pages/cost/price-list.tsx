import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { count } from '../../format/numbers.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Input, Select } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { Switch } from '../../ui/switch.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { PriceDetail } from './price-detail.tsx';
import { usePriceColumns } from './price-columns.tsx';
import { type PriceRow, familiesOf, findPrices } from './price-rows.ts';

const ORIGINS = ['list', 'stored', 'config'] as const;

export function PriceList({ prices }: { readonly prices: UseQueryResult<PriceRow[], unknown> }) {
  const { t } = useTranslation('cost');
  return (
    <Panel title={t('pricesInForce')} hint={t('pricesInForceHint')} flush>
      <QueryView query={prices}>{(rows) => <Found rows={rows} />}</QueryView>
    </Panel>
  );
}

function Found({ rows }: { readonly rows: readonly PriceRow[] }) {
  const { t } = useTranslation('cost');
  const [{ q = '', family = '', priceOrigin = '' }] = useSearchState();
  const [opened, setOpened] = useState<PriceRow>();
  const found = useMemo(() => findPrices(rows, q, family, priceOrigin), [rows, q, family, priceOrigin]);
  const columns = usePriceColumns();
  return (
    <>
      <Filters rows={rows} found={found.length} />
      <DataTable
        label={t('pricesInForce')}
        columns={columns}
        rows={found}
        rowKey={({ version }) => version}
        onOpen={setOpened}
        height="26rem"
        empty={<Empty title={t('nothingFound', { ns: 'common' })}>{t('noPriceFound')}</Empty>}
      />
      <PriceDetail price={opened} onClose={() => setOpened(undefined)} />
    </>
  );
}

function Filters({ rows, found }: { readonly rows: readonly PriceRow[]; readonly found: number }) {
  const { t } = useTranslation('cost');
  const [{ q = '', family = '', priceOrigin = '', all }, change] = useSearchState();
  const families = useMemo(() => familiesOf(rows), [rows]);
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-3">
      <Input
        type="search"
        aria-label={t('searchPrices')}
        placeholder={t('searchPrices')}
        value={q}
        onChange={({ target }) => change({ q: target.value })}
        className="w-64"
      />
      <Select
        aria-label={t('family')}
        value={family}
        onChange={({ target }) => change({ family: target.value })}
        className="w-44"
      >
        <option value="">{t('allFamilies')}</option>
        {families.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t('origin', { ns: 'common' })}
        value={priceOrigin}
        onChange={({ target }) => change({ priceOrigin: target.value })}
        className="w-44"
      >
        <option value="">{t('allOrigins')}</option>
        {ORIGINS.map((name) => (
          <option key={name} value={name}>
            {t(`origin_${name}`)}
          </option>
        ))}
      </Select>
      <Switch
        label={t('otherTimesToo')}
        checked={all === 'true'}
        onChange={(checked) => change({ all: checked ? 'true' : undefined })}
      />
      <span role="status" className="ml-auto text-xs text-muted tabular-nums">
        {t('pricesFound', { count: found, shown: count(found), total: count(rows.length) })}
      </span>
    </div>
  );
}
