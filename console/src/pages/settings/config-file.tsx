import { type ReactNode, Suspense, lazy, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { askAgain } from '../../api/query-client.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Failure } from '../../ui/states.tsx';
import { ChangeList } from './change-list.tsx';
import { useDraft } from './draft.ts';
import { FileNotes } from './file-notes.tsx';
import { LeaveGuard } from './leave-guard.tsx';
import { ProblemList } from './problem-list.tsx';
import { SaveDialog } from './save-dialog.tsx';
import { useCheck } from './use-check.ts';
import type { Config } from './wire.ts';
import type { Place } from './yaml-editor.tsx';

const YamlEditor = lazy(() => import('./yaml-editor.tsx'));

interface ConfigFileProps {
  readonly config: Config;
  /** Where the editor is to go; undefined while it is not shown. */
  readonly place: Place | undefined;
  readonly goTo: (place: Place) => void;
}

export function ConfigFile({ config, place, goTo }: ConfigFileProps) {
  const { t } = useTranslation('settings');
  const draft = useDraft(config);
  const [isSaving, setSaving] = useState(false);
  const { checked, isCurrent, error, query } = useCheck(draft.text, draft.isDirty);
  const problems = useMemo(() => checked?.problems ?? config.problems, [checked, config.problems]);
  const mayReview = draft.isDirty && isCurrent && checked?.valid === true && !draft.isBehind && config.writable;
  const buttons = (
    <>
      <CheckState isDirty={draft.isDirty} isCurrent={isCurrent} problems={problems.length} />
      <Button disabled={!draft.isDirty} onClick={draft.drop}>
        {t('discard')}
      </Button>
      <Button kind="primary" disabled={!mayReview} onClick={() => setSaving(true)}>
        {t('review')}
      </Button>
    </>
  );
  return (
    <div className="space-y-4">
      <FileNotes config={config} draft={draft} />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(20rem,26rem)]">
        <Panel title={<code className="font-mono text-[13px] break-all">{config.path}</code>} actions={buttons} flush>
          <div className="border-t border-line">
            <Suspense fallback={<Skeleton className="m-4 h-80" />}>
              <YamlEditor
                label={t('editor')}
                text={draft.text}
                onChange={draft.write}
                problems={problems}
                readOnly={!config.writable}
                goTo={place}
              />
            </Suspense>
          </div>
        </Panel>
        <div className="min-w-0 space-y-4">
          {error ? <Failure error={error} retry={() => void query.refetch()} /> : null}
          {problems.length > 0 ? <ProblemList problems={problems} onGo={goTo} /> : null}
          {checked?.valid === true ? <ChangeList changes={checked.changes} /> : null}
          <HowItWorks />
        </div>
      </div>
      {isSaving && checked ? (
        <SaveDialog
          config={config}
          draft={draft}
          changes={checked.changes}
          onClose={() => setSaving(false)}
          onConflict={() => void askAgain('/admin/v1/config')}
        />
      ) : null}
      <LeaveGuard isDirty={draft.isDirty} />
    </div>
  );
}

interface CheckStateProps {
  readonly isDirty: boolean;
  readonly isCurrent: boolean;
  readonly problems: number;
}

function CheckState({ isDirty, isCurrent, problems }: CheckStateProps) {
  const { t } = useTranslation('settings');
  const said = ((): readonly [string, ReactNode] => {
    if (problems > 0) return ['text-bad', t('problemCount', { count: problems })];
    if (!isDirty) return ['text-muted', t('unchanged')];
    return isCurrent ? ['text-good', t('valid')] : ['text-muted', t('checking')];
  })();
  return <output className={`text-xs ${said[0]}`}>{said[1]}</output>;
}

function HowItWorks() {
  const { t } = useTranslation('settings');
  return (
    <Panel title={t('how')}>
      <ul className="list-disc space-y-1.5 pl-5 text-[13px] text-muted">
        <li>
          <code className="font-mono text-xs text-ink">‹secret:1:ab12›</code> {t('howSecrets')}
        </li>
        <li>{t('howEnv')}</li>
        <li>{t('howBackup')}</li>
        <li>{t('howReplicas')}</li>
      </ul>
    </Panel>
  );
}
