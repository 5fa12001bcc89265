import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { Failure, Note } from '../../ui/states.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { changeBench, fillBench, useBench } from './bench.ts';
import { fromTrace } from './from-trace.ts';

/** `?trace=`: fills in a recorded request, and says what of it could not be. */
export function OriginNote() {
  const [{ trace: asked }, change] = useSearchState();
  const { origin } = useBench();
  const recorded = api.useQuery(
    'get',
    '/admin/v1/traces/{id}',
    { params: { path: { id: asked ?? '' } } },
    { enabled: asked !== undefined, staleTime: Infinity },
  );
  const { data } = recorded;
  useEffect(() => {
    if (!data || asked === undefined) return;
    fillBench(asked, fromTrace(data));
    // From now on it is this page's own; a reload does not undo what was changed.
    change({ trace: undefined });
  }, [data, asked, change]);
  if (asked !== undefined && recorded.isError) {
    return <Failure error={recorded.error} retry={() => void recorded.refetch()} />;
  }
  if (asked !== undefined) return <Skeleton className="h-9" />;
  return origin ? <Origin origin={origin} /> : null;
}

function Origin({ origin }: { readonly origin: NonNullable<ReturnType<typeof useBench>['origin']> }) {
  const { t } = useTranslation('playground');
  const { traceId, losses, dropped } = origin;
  const words = t('losses', { returnObjects: true });
  const isWhole = losses.length === 0 && dropped.length === 0;
  return (
    <Note tone={isWhole ? 'neutral' : 'warn'} className="flex flex-wrap items-start justify-between gap-2">
      <div className="min-w-0 space-y-1">
        <p>
          {t('fromTrace')}{' '}
          <Link to="/requests/$traceId" params={{ traceId }} className="font-mono text-xs text-accent hover:underline">
            {traceId}
          </Link>
        </p>
        {isWhole ? null : (
          <ul className="list-disc pl-5 text-xs">
            {losses.map((loss) => (
              <li key={loss}>{words[loss]}</li>
            ))}
            {dropped.length === 0 ? null : <li>{t('dropped', { fields: dropped.join(', ') })}</li>}
          </ul>
        )}
      </div>
      <Button size="small" kind="quiet" onClick={() => changeBench({ origin: undefined })}>
        {t('close', { ns: 'common' })}
      </Button>
    </Note>
  );
}
