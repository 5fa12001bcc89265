import { Link } from '@tanstack/react-router';
import { ArrowLeft, ArrowRight, MessagesSquare } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { neighboursIn } from './neighbours-in.ts';
import type { Trace } from './trace-types.ts';

const LOOKED_AT = '200';

/** The request before and the one after, of the same conversation. */
export function Neighbours({ trace, conversation }: { readonly trace: Trace; readonly conversation: string }) {
  const { t } = useTranslation('requests');
  const { project } = trace;
  const query = { conversation, limit: LOOKED_AT, ...(project !== null && { project }) };
  const { data } = api.useQuery('get', '/admin/v1/traces', { params: { query } });
  const { earlier, later } = neighboursIn(data?.data.map(({ trace_id: id }) => id) ?? [], trace.trace_id);
  return (
    <Panel title={t('neighbours')}>
      <div className="flex flex-wrap gap-2">
        <ToTrace id={earlier}>
          <ArrowLeft aria-hidden />
          {t('earlier')}
        </ToTrace>
        <ToTrace id={later}>
          {t('later')}
          <ArrowRight aria-hidden />
        </ToTrace>
        <Button asChild size="small">
          <Link
            to="/conversations/$conversationId"
            params={{ conversationId: conversation }}
            search={project === null ? {} : { project }}
          >
            <MessagesSquare aria-hidden />
            {t('conversation')}
          </Link>
        </Button>
      </div>
    </Panel>
  );
}

function ToTrace({ id, children }: { readonly id: string | undefined; readonly children: ReactNode }) {
  if (id === undefined) {
    return (
      <Button size="small" disabled>
        {children}
      </Button>
    );
  }
  return (
    <Button asChild size="small">
      <Link to="/requests/$traceId" params={{ traceId: id }}>
        {children}
      </Link>
    </Button>
  );
}
