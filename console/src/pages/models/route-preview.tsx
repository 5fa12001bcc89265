import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { change, count, money, share } from '../../format/numbers.ts';
import { Bar } from '../../ui/progress.tsx';
import { Note } from '../../ui/states.tsx';
import type { RoutePreview } from './wire.ts';

const MOST_EXAMPLES = 5;

/** What another route would have done with recent requests, beside what the one in force did. */
export function RoutePreviewView({ told }: { readonly told: RoutePreview }) {
  const { t } = useTranslation('models');
  if (told.compared === 0) return <Note tone="warn">{t('previewNone')}</Note>;
  return (
    <section aria-label={t('previewTitle')} className="space-y-3 rounded-md border border-line p-3 text-[13px]">
      <p>
        {t('previewOf', {
          compared: count(told.compared),
          of: count(told.of),
          changed: count(told.changed),
          part: share(told.changed / told.compared, 0),
        })}
        {told.is_cut ? ` ${t('previewCut')}` : ''}
      </p>
      <Shares told={told} />
      <p>
        <CostWords now={told.now} proposed={told.proposed} />
      </p>
      {told.proposed.unserved === 0 ? null : (
        <Note tone="warn">
          {t('previewUnserved', { requests: count(told.proposed.unserved), now: count(told.now.unserved) })}
        </Note>
      )}
      <Examples examples={told.examples} />
      {told.left_out.map(({ why, requests }) => (
        <p key={why} className="text-xs text-muted">{`${count(requests)} · ${why}`}</p>
      ))}
      <ul className="list-inside list-disc text-xs text-muted">
        {told.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}

function shareOf(side: RoutePreview['now'], name: string): number {
  return side.targets.find(({ target }) => target === name)?.share ?? 0;
}

function Shares({ told: { now, proposed } }: { readonly told: RoutePreview }) {
  const { t } = useTranslation(['models', 'common']);
  const names = [...new Set([...now.targets, ...proposed.targets].map(({ target }) => target))];
  return (
    <div className="overflow-x-auto">
      <table className="w-full min-w-80">
        <thead className="text-left text-xs text-muted">
          <tr>
            <th className="py-1 font-medium">{t('common:target')}</th>
            <th className="w-1/3 py-1 font-medium">{t('nowShare')}</th>
            <th className="w-1/3 py-1 font-medium">{t('proposedShare')}</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name} className="border-t border-line">
              <td className="py-1 pr-3 break-all">{name}</td>
              {(['now', 'proposed'] as const).map((side) => {
                const part = shareOf(side === 'now' ? now : proposed, name);
                return (
                  <td key={side} className="py-1 pr-3">
                    <span className="flex items-center gap-2">
                      <Bar share={part} label={`${t(`${side}Share`)}: ${name}`} className="flex-1" />
                      <span className="w-14 text-right tabular-nums">{share(part)}</span>
                    </span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What is not known on one side is on the other, so that sums may not be compared: that is said instead. */
export function CostWords({ now, proposed }: Pick<RoutePreview, 'now' | 'proposed'>) {
  const { t } = useTranslation('models');
  const costs = { now: money(now.cost_usd), proposed: money(proposed.cost_usd) };
  if (now.cost_unknown === 0 && proposed.cost_unknown === 0) {
    return t('previewCost', { ...costs, change: change(proposed.cost_usd, now.cost_usd) });
  }
  const unknown = { nowUnknown: count(now.cost_unknown), proposedUnknown: count(proposed.cost_unknown) };
  return t('previewCostUnknown', { ...costs, ...unknown });
}

function Examples({ examples }: { readonly examples: RoutePreview['examples'] }) {
  const { t } = useTranslation('models');
  if (examples.length === 0) return null;
  return (
    <div>
      <h3 className="text-xs font-medium text-muted">{t('previewExamples')}</h3>
      <ul className="mt-1 space-y-1">
        {examples.slice(0, MOST_EXAMPLES).map(({ trace_id: id, from, to, reason }) => (
          <li key={id} className="min-w-0">
            <Link to={`/requests/${id}`} target="_blank" className="font-mono text-xs text-accent hover:underline">
              {id.slice(-8)}
            </Link>{' '}
            {from} → {to} <span className="text-muted">· {reason}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
