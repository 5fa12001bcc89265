import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Note } from '../../ui/states.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { changeColumn, removeColumn, useBench } from './bench.ts';
import { CopyAs } from './copy-as.tsx';
import { type Column, DIALECTS, type Dialect } from './draft.ts';
import { ParameterFields } from './parameter-fields.tsx';
import { RunView } from './run-view.tsx';
import { useWrong } from './wrong-words.ts';

interface ColumnViewProps {
  readonly column: Column;
  readonly models: readonly string[];
}

export function ColumnView({ column, models }: ColumnViewProps) {
  const { t } = useTranslation('playground');
  const { columns, runs, wrong, leftOut } = useBench();
  const { key, model, dialect } = column;
  const run = runs[key];
  const place = columns.indexOf(column) + 1;
  const wrongModel = useWrong('model');
  const left = leftOut[key] ?? [];
  return (
    <article aria-label={t('column', { place })} className="min-w-0 space-y-3">
      <div className="@container rounded-lg border border-line bg-panel p-4">
        <div className="grid items-start gap-4 @lg:grid-cols-2">
          <Field label={t('model', { ns: 'common' })} error={wrong?.column === key ? wrongModel : undefined}>
            <SuggestInput
              suggestions={models}
              value={model}
              placeholder="chat, openai/gpt-5-mini"
              onChange={({ target }) => changeColumn(key, { model: target.value })}
            />
          </Field>
          <div className="flex items-end gap-2">
            <Field label={t('dialect')} className="flex-1">
              <Select
                value={dialect}
                onChange={({ target }) => changeColumn(key, { dialect: target.value as Dialect })}
              >
                {DIALECTS.map((one) => (
                  <option key={one} value={one}>
                    {t(`dialect_${one}`)}
                  </option>
                ))}
              </Select>
            </Field>
            <CopyAs column={column} />
            {columns.length > 1 ? (
              <Button
                kind="quiet"
                size="icon"
                aria-label={t('removeColumn', { place })}
                title={t('removeColumn', { place })}
                onClick={() => removeColumn(key)}
              >
                <X aria-hidden />
              </Button>
            ) : null}
          </div>
        </div>
      </div>
      <ParameterFields column={column} />
      {left.length === 0 ? null : (
        <Note tone="warn">
          {t('leftOut', { fields: left.map((one) => t('leftOutWords', { returnObjects: true })[one]).join(', ') })}
        </Note>
      )}
      <RunView run={run} />
    </article>
  );
}
