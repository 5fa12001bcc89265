import { Link, useNavigate } from '@tanstack/react-router';
import { Columns2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { duration } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Cost, Time } from '../../ui/figures.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { StatusBadge } from './badges.tsx';
import type { Trace } from './trace-types.ts';

const SHOWN = 12;
const TRACE_ID = /^[\da-f]{32}$/;

export function CompareButton({ trace }: { readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Columns2 aria-hidden />
        {t('compareWith')}
      </Button>
      {open ? <CompareDialog trace={trace} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function CompareDialog({ trace, onClose }: { readonly trace: Trace; readonly onClose: () => void }) {
  const { t } = useTranslation('requests');
  const navigate = useNavigate();
  const [other, setOther] = useState('');
  const isId = TRACE_ID.test(other.trim());
  const go = (): void => void navigate({ to: '/requests/compare', search: { a: trace.trace_id, b: other.trim() } });
  const button = (
    <Button kind="primary" type="submit" form="compare-with" disabled={!isId}>
      {t('compareGo')}
    </Button>
  );
  return (
    <Dialog open onClose={onClose} title={t('compareWith')} hint={t('compareWithHint')} actions={button} wide>
      <form
        id="compare-with"
        onSubmit={(event) => {
          event.preventDefault();
          if (isId) go();
        }}
      >
        <Field label={t('compareId')}>
          <Input value={other} className="font-mono" maxLength={40} onChange={({ target }) => setOther(target.value)} />
        </Field>
      </form>
      {trace.model === null ? null : <Recent trace={trace} model={trace.model} />}
    </Dialog>
  );
}

function Recent({ trace, model }: { readonly trace: Trace; readonly model: string }) {
  const { t } = useTranslation('requests');
  const recent = api.useQuery('get', '/admin/v1/traces', { params: { query: { model, limit: String(SHOWN + 1) } } });
  return (
    <section>
      <h3 className="mb-1.5 text-[13px] font-medium">{t('compareRecent', { model })}</h3>
      <QueryView query={recent}>
        {({ data }) => {
          const others = data.filter(({ trace_id: id }) => id !== trace.trace_id).slice(0, SHOWN);
          if (others.length === 0) return <p className="text-[13px] text-muted">{t('compareNone')}</p>;
          return (
            <ul className="divide-y divide-line rounded-md border border-line">
              {others.map((one) => (
                <li key={one.trace_id}>
                  <Link
                    to="/requests/compare"
                    search={{ a: trace.trace_id, b: one.trace_id }}
                    className="grid grid-cols-[8rem_6rem_minmax(0,1fr)_5rem_5rem] items-center gap-2 px-3 py-1.5 text-[13px] hover:bg-raised"
                  >
                    <Time at={one.started_at} />
                    <StatusBadge status={one.status} />
                    <span className="truncate text-muted">{one.target ?? one.error?.code}</span>
                    <span className="text-right tabular-nums">{duration(one.latency_ms)}</span>
                    <span className="text-right tabular-nums">
                      <Cost usd={one.cost_usd} known={one.cost_known} />
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          );
        }}
      </QueryView>
    </section>
  );
}
