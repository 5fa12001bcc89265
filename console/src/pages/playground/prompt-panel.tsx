import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { changePrompt, useBench } from './bench.ts';
import { newTurn } from './draft.ts';
import { rowsFor } from './text-rows.ts';
import { TurnEditor } from './turn-editor.tsx';
import { useWrong } from './wrong-words.ts';

/** What is said; the same to all columns. */
export function PromptPanel() {
  const { t } = useTranslation('playground');
  const { prompt } = useBench();
  const { system, turns } = prompt;
  const wrong = useWrong('turns');
  const last = turns.at(-1)?.role;
  const add = (): void => changePrompt({ turns: [...turns, newTurn(last === 'user' ? 'assistant' : 'user')] });
  return (
    <Panel title={t('prompt')}>
      <div className="space-y-3">
        <Field label={t('system')}>
          <TextArea
            rows={rowsFor(system, 2)}
            value={system}
            placeholder={t('systemHint')}
            onChange={({ target }) => changePrompt({ system: target.value })}
          />
        </Field>
        <ol className="space-y-3">
          {turns.map((turn, at) => (
            <li key={turn.key}>
              <TurnEditor turn={turn} number={at + 1} isFirst={at === 0} isLast={at === turns.length - 1} />
            </li>
          ))}
        </ol>
        {wrong === undefined ? null : (
          <p role="alert" className="text-xs text-bad">
            {wrong}
          </p>
        )}
        <Button size="small" onClick={add}>
          <Plus aria-hidden />
          {t('addMessage')}
        </Button>
      </div>
    </Panel>
  );
}
