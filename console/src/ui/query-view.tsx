import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { PageHeader } from './page-header.tsx';
import { RowsSkeleton } from './skeleton.tsx';
import { Failure } from './states.tsx';

interface QueryViewProps<Data> {
  readonly query: UseQueryResult<Data, unknown>;
  readonly children: (data: Data) => ReactNode;
  /** In the shape of what is to come. */
  readonly skeleton?: ReactNode;
  /** Of the page, where what was asked for is all of it: it stands there also where that failed. */
  readonly title?: ReactNode;
}

/** What was asked for: while it is on its way, where it failed, and when it is there. */
export function QueryView<Data>({ query, children, skeleton, title }: QueryViewProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return (
      <>
        {title === undefined ? null : <PageHeader title={title} />}
        <Failure error={query.error} retry={() => void query.refetch()} className="m-4" />
      </>
    );
  }
  return skeleton ?? <RowsSkeleton />;
}
