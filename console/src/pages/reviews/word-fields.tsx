import { useTranslation } from 'react-i18next';

import { Field, Input, TextArea } from '../../ui/field.tsx';
import type { useSubmit } from '../../ui/use-submit.ts';
import { type Words, useIsNameless } from './send-decision.ts';

interface WordFieldsProps {
  readonly words: Words;
  readonly onChange: (words: Words) => void;
  readonly errorAt: ReturnType<typeof useSubmit>['errorAt'];
  /** The client is told something only where it is refused. */
  readonly withMessage?: boolean;
}

export function WordFields({ words, onChange, errorAt, withMessage = false }: WordFieldsProps) {
  const { t } = useTranslation('reviews');
  const isNameless = useIsNameless();
  return (
    <>
      {withMessage ? (
        <Field label={t('message')} hint={t('messageHint')} error={errorAt('message')}>
          <TextArea
            rows={3}
            dir="auto"
            value={words.message}
            onChange={({ target }) => onChange({ ...words, message: target.value })}
          />
        </Field>
      ) : null}
      <Field label={t('note')} hint={t('noteHint')} error={errorAt('note')}>
        <TextArea
          rows={2}
          dir="auto"
          value={words.note}
          onChange={({ target }) => onChange({ ...words, note: target.value })}
        />
      </Field>
      {isNameless ? (
        <Field label={t('byName')} hint={t('byNameHint')} error={errorAt('by')}>
          <Input value={words.by} onChange={({ target }) => onChange({ ...words, by: target.value })} />
        </Field>
      ) : null}
    </>
  );
}
