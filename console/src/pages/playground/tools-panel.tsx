import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Field, Select, TextArea } from '../../ui/field.tsx';
import { changePrompt, useBench } from './bench.ts';
import { Folding } from './folding.tsx';
import { EXAMPLE_TOOLS, readTools, toolNames } from './tools.ts';
import { Wrong } from './wrong.ts';
import { useWrong } from './wrong-words.ts';

/** What is wrong with what is being typed, before anything is sent. */
function typingFault(text: string): string | undefined {
  try {
    readTools(text);
    return undefined;
  } catch (error) {
    return error instanceof Wrong ? error.detail : String(error);
  }
}

export function ToolsPanel() {
  const { t } = useTranslation('playground');
  const { prompt } = useBench();
  const { tools, toolChoice } = prompt;
  const names = toolNames(tools);
  const sent = useWrong('tools');
  const typed = typingFault(tools);
  const wrong =
    sent ?? (typed === undefined ? undefined : t('wrong', { returnObjects: true }).tools.replace('%s', typed));
  const isListed = ['auto', 'none', 'required', ...names].includes(toolChoice);
  const note = names.length > 0 ? names.join(', ') : undefined;
  return (
    <Folding title={t('tools')} {...(note !== undefined && { note })}>
      <Field label={t('toolsJson')} hint={t('toolsHint')} error={wrong}>
        <TextArea
          rows={8}
          className="font-mono text-xs"
          value={tools}
          onChange={({ target }) => changePrompt({ tools: target.value })}
        />
      </Field>
      {tools.trim() === '' ? (
        <Button size="small" onClick={() => changePrompt({ tools: EXAMPLE_TOOLS })}>
          {t('toolsExample')}
        </Button>
      ) : (
        <Field label={t('toolChoice')}>
          <Select value={toolChoice} onChange={({ target }) => changePrompt({ toolChoice: target.value })}>
            <option value="auto">{t('choiceAuto')}</option>
            <option value="none">{t('choiceNone')}</option>
            <option value="required">{t('choiceRequired')}</option>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
            {isListed ? null : <option value={toolChoice}>{toolChoice}</option>}
          </Select>
        </Field>
      )}
    </Folding>
  );
}
