import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { Badge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { PartFact } from './health-parts.ts';

interface HealthPartProps {
  readonly title: string;
  readonly hint: string;
  readonly part: { readonly ok: boolean; readonly message: string | null; readonly todo: string | null };
  readonly facts: readonly PartFact[];
}

export function HealthPart({ title, hint, part, facts }: HealthPartProps) {
  const { t } = useTranslation('settings');
  const named = (
    <span className="flex items-center gap-2">
      {title} <Badge tone={part.ok ? 'good' : 'bad'}>{part.ok ? t('well') : t('wrong')}</Badge>
    </span>
  );
  return (
    <Panel title={named} hint={hint} className="mb-4 break-inside-avoid">
      {part.message === null && part.todo === null ? null : (
        <div className="mb-3 flex gap-2 rounded-md bg-raised p-2.5 text-[13px]">
          {part.ok ? null : <CircleAlert className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden />}
          <div className="min-w-0 break-words">
            {part.message === null ? null : <p className="font-medium">{part.message}</p>}
            {part.todo === null ? null : <p className="mt-0.5">{part.todo}</p>}
          </div>
        </div>
      )}
      <dl className="divide-y divide-line/60 text-[13px]">
        {facts.map(([name, value, title_]) => (
          <div key={name} className="flex items-baseline justify-between gap-4 py-1.5">
            <dt className="shrink-0 text-muted">{name}</dt>
            <dd className="min-w-0 truncate text-right tabular-nums" title={title_ ?? value}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
