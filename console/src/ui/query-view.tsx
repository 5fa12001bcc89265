import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { RowsSkeleton } from './skeleton.tsx';
import { Failure } from './states.tsx';

interface QueryViewProps<Data> {
  readonly query: UseQueryResult<Data, unknown>;
  readonly children: (data: Data) => ReactNode;
  /** In the shape of what is to come. */
  readonly skeleton?: ReactNode;
}

/** What was asked for: while it is on its way, where it failed, and when it is there. */
export function QueryView<Data>({ query, children, skeleton }: QueryViewProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} className="m-4" />;
  return skeleton ?? <RowsSkeleton />;
}
