import { useTranslation } from 'react-i18next';

import { Badge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Change } from './wire.ts';

/** What a text would change of what is in force. */
export function ChangeList({ changes }: { readonly changes: readonly Change[] }) {
  const { t } = useTranslation('settings');
  return (
    <Panel title={t('changes', { count: changes.length })} hint={t('changesHint')}>
      <ChangeRows changes={changes} />
    </Panel>
  );
}

const shown = (value: Change['before']): string => (value === null ? '–' : String(value));

export function ChangeRows({ changes }: { readonly changes: readonly Change[] }) {
  const { t } = useTranslation('settings');
  if (changes.length === 0) return <p className="text-[13px] text-muted">{t('noChanges')}</p>;
  return (
    <ul className="max-h-96 space-y-2 overflow-y-auto text-[13px]" tabIndex={0} aria-label={t('changesLabel')}>
      {changes.map(({ path, before, after, restart }) => (
        <li key={path} className="min-w-0">
          <div className="flex flex-wrap items-center gap-2">
            <code className="font-mono text-xs font-medium break-all">{path}</code>
            {restart ? <Badge tone="warn">{t('afterRestart')}</Badge> : null}
          </div>
          <p className="font-mono text-xs break-all">
            <span className="text-bad line-through decoration-1">{shown(before)}</span>
            <span className="text-muted"> → </span>
            <span className="text-good">{shown(after)}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}
