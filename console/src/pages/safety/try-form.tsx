import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { messageOf } from '../../api/api-error.ts';
import { useMay } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Failure } from '../../ui/states.tsx';
import { Switch } from '../../ui/switch.tsx';
import type { useSubmit } from '../../ui/use-submit.ts';
import { TryAgainst } from './try-against.tsx';
import { type TryDraft, isReady, isWhole, requestIn } from './question.ts';
import { TryBody, TryText } from './try-text.tsx';
import type { Policy } from './wire.ts';

interface TryFormProps {
  readonly draft: TryDraft;
  readonly policies: readonly Policy[];
  readonly submit: ReturnType<typeof useSubmit>;
  readonly onChange: (draft: TryDraft) => void;
  readonly onRun: () => void;
}

/** What is wrong with the request that was written; undefined where nothing is, or none was. */
function problemOf(draft: TryDraft): string | undefined {
  if (!isWhole(draft) || draft.body.trim() === '') return undefined;
  try {
    requestIn(draft.body);
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

export function TryForm({ draft, policies, submit, onChange, onRun }: TryFormProps) {
  const { t } = useTranslation('safety');
  const { busy, errorAt, errorBeside } = submit;
  const change = (patch: Partial<TryDraft>): void => onChange({ ...draft, ...patch });
  const problem = problemOf(draft);
  const mayRun = isReady(draft) && problem === undefined && !busy;
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && mayRun) onRun();
  };
  const other = errorBeside('policy', 'model', 'project', 'text', 'body', 'endpoint', 'judges');
  return (
    <Panel title={t('whatToTry')}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (mayRun) onRun();
        }}
      >
        <Segments
          label={t('side')}
          value={draft.side}
          choices={[
            ['input', t('sideInput')],
            ['output', t('sideOutput')],
          ]}
          onChange={(side) => change({ side })}
        />
        <TryAgainst draft={draft} policies={policies} error={errorAt(draft.against)} onChange={change} />
        {draft.side === 'input' ? (
          <Segments
            label={t('form')}
            value={draft.form}
            choices={[
              ['text', t('formText')],
              ['body', t('formBody')],
            ]}
            onChange={(form) => change({ form })}
          />
        ) : null}
        {isWhole(draft) ? (
          <TryBody
            draft={draft}
            error={problem === undefined ? errorAt('body') : t('notJson', { problem })}
            endpointError={errorAt('endpoint')}
            onChange={change}
            onKey={press}
          />
        ) : (
          <TryText draft={draft} error={errorAt('text')} onChange={change} onKey={press} />
        )}
        <Judges policies={policies} draft={draft} error={errorAt('judges')} onChange={change} />
        {other === undefined ? null : <Failure error={other} />}
        <div className="flex items-center gap-3">
          <Button kind="primary" type="submit" busy={busy} disabled={!mayRun}>
            {t('run')}
          </Button>
          <kbd className="text-xs text-muted">{t('runHint')}</kbd>
        </div>
      </form>
    </Panel>
  );
}

interface JudgesProps {
  readonly draft: TryDraft;
  readonly policies: readonly Policy[];
  readonly error: string | undefined;
  readonly onChange: (patch: Partial<TryDraft>) => void;
}

/** Only where somebody would be asked at all. */
function Judges({ draft, policies, error, onChange }: JudgesProps) {
  const { t } = useTranslation(['safety', 'common']);
  const mayEdit = useMay('editor');
  const concerned = draft.against === 'policy' ? policies.filter(({ name }) => name === draft.name) : policies;
  const asks = concerned.some(({ guards }) => guards.some((guard) => guard.asks !== null));
  if (!asks) return null;
  return (
    <div className="space-y-1">
      <Switch
        label={t('askJudges')}
        checked={draft.judges}
        onChange={(judges) => onChange({ judges })}
        disabled={!mayEdit}
      />
      <p className="text-xs text-muted">{mayEdit ? t('judgesCost') : t('common:needsRole', { role: 'editor' })}</p>
      {error === undefined ? null : <p className="text-xs text-bad">{error}</p>}
    </div>
  );
}
