import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { QueryView } from '../../ui/query-view.tsx';

interface Paged<Row> {
  readonly data: readonly Row[];
}

interface ListViewProps<Row> {
  readonly query: UseInfiniteQueryResult<InfiniteData<Paged<Row>>>;
  readonly children: (rows: Row[]) => ReactNode;
}

/** Pages of a list that is short as a rule; more are asked for by a button. */
export function ListView<Row>({ query, children }: ListViewProps<Row>) {
  const { t } = useTranslation();
  return (
    <QueryView query={query}>
      {({ pages }) => (
        <>
          {children(pages.flatMap(({ data }) => [...data]))}
          {query.hasNextPage ? (
            <div className="p-3 text-center">
              <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t('loadMore')}
              </Button>
            </div>
          ) : null}
        </>
      )}
    </QueryView>
  );
}
