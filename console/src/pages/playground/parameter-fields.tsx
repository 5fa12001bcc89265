import { useTranslation } from 'react-i18next';

import { Field, Input, Select, TextArea } from '../../ui/field.tsx';
import { changeColumn, useBench } from './bench.ts';
import { type Column, type Parameters, countSet } from './draft.ts';
import { Folding } from './folding.tsx';
import { useWrong } from './wrong-words.ts';

const EFFORTS = ['minimal', 'low', 'medium', 'high'] as const;
const NUMBERS = [
  ['temperature', 'temperature', '0.1'],
  ['topP', 'top_p', '0.05'],
  ['maxTokens', 'max_tokens', '1'],
  ['seed', 'seed', '1'],
] as const;

/** How a column asks. */
export function ParameterFields({ column }: { readonly column: Column }) {
  const { t } = useTranslation('playground');
  const { parameters, key } = column;
  const isHere = useBench().wrong?.column === key;
  const wrongSchema = useWrong('schema');
  const wrongNumber = useWrong('number');
  const set = countSet(parameters);
  const change = (part: Partial<Parameters>): void => changeColumn(key, { parameters: { ...parameters, ...part } });
  return (
    <Folding title={t('parameters')} note={set === 0 ? t('parametersNone') : t('parametersSet', { count: set })}>
      <div className="grid grid-cols-2 gap-3">
        {NUMBERS.map(([name, label, step]) => (
          <Field key={name} label={label}>
            <Input
              type="number"
              step={step}
              min="0"
              value={parameters[name]}
              onChange={({ target }) => change({ [name]: target.value })}
            />
          </Field>
        ))}
        <Field label={t('effort')}>
          <Select value={parameters.effort} onChange={({ target }) => change({ effort: target.value })}>
            <option value="">{t('modelsOwn')}</option>
            {EFFORTS.map((effort) => (
              <option key={effort}>{effort}</option>
            ))}
          </Select>
        </Field>
        <Field label={t('format')}>
          <Select
            value={parameters.format}
            onChange={({ target }) => change({ format: target.value as Parameters['format'] })}
          >
            <option value="text">{t('formatText')}</option>
            <option value="json">{t('formatJson')}</option>
            <option value="schema">{t('formatSchema')}</option>
          </Select>
        </Field>
      </div>
      {isHere && wrongNumber !== undefined ? <p className="text-xs text-bad">{wrongNumber}</p> : null}
      {parameters.format === 'schema' ? (
        <Field label={t('schema')} error={isHere ? wrongSchema : undefined}>
          <TextArea
            rows={6}
            className="font-mono text-xs"
            value={parameters.schema}
            placeholder={'{ "type": "object", "properties": { … } }'}
            onChange={({ target }) => change({ schema: target.value })}
          />
        </Field>
      ) : null}
      <Field label={t('stopTexts')} hint={t('stopHint')}>
        <TextArea rows={2} value={parameters.stop} onChange={({ target }) => change({ stop: target.value })} />
      </Field>
    </Folding>
  );
}
