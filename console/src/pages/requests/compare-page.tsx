import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { useSearchState } from '../../shell/search-state.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Empty } from '../../ui/states.tsx';
import { StatusBadge } from './badges.tsx';
import { plainFacts } from './compare-facts.ts';
import { DiffPanel } from './diff-view.tsx';
import { asText, readInput, readOutput } from './messages.ts';
import { factsOf } from './trace-facts.tsx';
import type { Trace } from './trace-types.ts';

export function Page() {
  const { t } = useTranslation('requests');
  const [{ a, b }] = useSearchState();
  return (
    <>
      <PageHeader title={t('compareTitle')} hint={t('compareHint')} />
      {a === undefined || b === undefined ? <TwoNeeded /> : <TwoTraces a={a} b={b} />}
    </>
  );
}

function TwoNeeded() {
  const { t } = useTranslation('requests');
  const back = (
    <Button asChild kind="primary">
      <Link to="/requests">{t('toList')}</Link>
    </Button>
  );
  return (
    <Empty title={t('compareMissing')} action={back}>
      {t('compareMissingHint')}
    </Empty>
  );
}

function TwoTraces({ a, b }: { readonly a: string; readonly b: string }) {
  const first = api.useQuery('get', '/admin/v1/traces/{id}', { params: { path: { id: a } } });
  const second = api.useQuery('get', '/admin/v1/traces/{id}', { params: { path: { id: b } } });
  return (
    <QueryView query={first}>
      {(left) => <QueryView query={second}>{(right) => <Compared left={left} right={right} />}</QueryView>}
    </QueryView>
  );
}

interface Both {
  readonly left: Trace;
  readonly right: Trace;
}

function shownText(body: unknown, read: typeof readInput): string {
  const messages = read(body);
  if (messages) return asText(messages);
  if (body === null || body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body, undefined, 2);
}

function Compared({ left, right }: Both) {
  const { t } = useTranslation('requests');
  return (
    <div className="space-y-4">
      <ComparedFacts left={left} right={right} />
      <DiffPanel
        title={t('input')}
        left={shownText(left.input, readInput)}
        right={shownText(right.input, readInput)}
        same={t('inputSame')}
      />
      <DiffPanel
        title={t('output')}
        left={shownText(left.output, readOutput)}
        right={shownText(right.output, readOutput)}
        same={t('outputSame')}
      />
    </div>
  );
}

function ComparedFacts({ left, right }: Both) {
  const { t } = useTranslation(['requests', 'common']);
  const [facts, others] = [factsOf(left, t), factsOf(right, t)];
  const [plain, otherPlain] = [plainFacts(left), plainFacts(right)];
  const names = [...new Map([...facts, ...others].map(({ id, name }) => [id, name]))];
  const shown = ({ id }: { readonly id: string }, all: typeof facts) =>
    all.find((fact) => fact.id === id)?.value ?? '–';
  return (
    <Panel title={t('facts')} flush>
      <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={t('facts')}>
        <table className="w-full min-w-[36rem] border-t border-line text-[13px]">
          <thead>
            <tr className="border-b border-line text-left">
              <th scope="col" className="w-48 px-4 py-2 font-normal text-muted">
                {t('traceId')}
              </th>
              <TraceHead name={t('sideA')} trace={left} />
              <TraceHead name={t('sideB')} trace={right} />
            </tr>
          </thead>
          <tbody>
            {names.map(([id, name]) => {
              const isOther = plain[id] !== otherPlain[id];
              return (
                <tr key={id} className={classes('border-b border-line/70 last:border-0', isOther && 'bg-warn-soft')}>
                  <th scope="row" className="px-4 py-1.5 text-left font-normal text-muted">
                    {name}
                  </th>
                  <td className={classes('px-4 py-1.5', isOther && 'font-medium')}>{shown({ id }, facts)}</td>
                  <td className={classes('px-4 py-1.5', isOther && 'font-medium')}>{shown({ id }, others)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function TraceHead({ name, trace }: { readonly name: string; readonly trace: Trace }) {
  return (
    <th scope="col" className="px-4 py-2 font-medium">
      <span className="flex flex-wrap items-center gap-2">
        {name}
        <Link
          to="/requests/$traceId"
          params={{ traceId: trace.trace_id }}
          className="font-mono text-xs break-all text-accent hover:underline"
        >
          {trace.trace_id}
        </Link>
        <StatusBadge status={trace.status} />
      </span>
    </th>
  );
}
