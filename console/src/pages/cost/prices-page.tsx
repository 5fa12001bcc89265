import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { client } from '../../api/client.ts';
import { useMay, useSeesAll } from '../../api/session.ts';
import { useBeat } from '../../shell/beat.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { AddPrice } from './add-price.tsx';
import { ComparePrices } from './compare-prices.tsx';
import { useCostTabs } from './cost-tabs.ts';
import { MissingPrices } from './missing-prices.tsx';
import { type PriceDraft, newPrice } from './price-draft.ts';
import { PriceList } from './price-list.tsx';
import type { PriceRow } from './price-rows.ts';

const PAGE_ROWS = '500';
/** Far over what is shipped and stored; whoever has more finds them with the command line. */
const MOST_PAGES = 20;

async function pageOfPrices(query: Readonly<Record<string, string>>) {
  const { data } = await client.GET('/admin/v1/prices', { params: { query } });
  return data ?? { data: [], next: null };
}

/** All prices, page by page: they are searched here, without asking again at each letter. */
function usePrices(all: boolean) {
  return useQuery({
    queryKey: ['get', '/admin/v1/prices', { all }],
    queryFn: async () => {
      const rows: PriceRow[] = [];
      let cursor = '';
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const query = { limit: PAGE_ROWS, ...(all && { all: 'true' }), ...(cursor !== '' && { cursor }) };
        const answer = await pageOfPrices(query);
        rows.push(...answer.data);
        if (answer.next === null) break;
        cursor = answer.next;
      }
      return rows;
    },
  });
}

export function Page() {
  const { t } = useTranslation('cost');
  const mayEdit = useMay('editor');
  // Compares what all projects booked: refused to those who see only some.
  const seesAll = useSeesAll();
  const [search] = useSearchState();
  const prices = usePrices(search['all'] === 'true');
  const [adding, setAdding] = useState<PriceDraft>();
  const today = new Date(useBeat()).toISOString().slice(0, 10);
  const why = mayEdit ? undefined : t('needsRole', { ns: 'common', role: t('roleEditor', { ns: 'shell' }) });
  return (
    <>
      <PageHeader
        title={t('title')}
        hint={t('pricesHint')}
        pages={useCostTabs()}
        actions={
          <Button kind="primary" disabled={!mayEdit} title={why} onClick={() => setAdding(newPrice('', '', today))}>
            <Plus aria-hidden />
            {t('addPrice')}
          </Button>
        }
      />
      <div className="space-y-4">
        <MissingPrices mayAdd={mayEdit} onAdd={(family, model) => setAdding(newPrice(family, model, today))} />
        <PriceList prices={prices} />
        {seesAll ? <ComparePrices /> : null}
      </div>
      {adding === undefined ? null : (
        <AddPrice first={adding} prices={prices.data ?? []} onClose={() => setAdding(undefined)} />
      )}
    </>
  );
}
