import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Field, Select, TextArea } from '../../ui/field.tsx';
import { ENDPOINTS, type TryDraft } from './question.ts';

interface TryTextProps {
  readonly draft: TryDraft;
  readonly error: string | undefined;
  readonly onChange: (patch: Partial<TryDraft>) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

const EXAMPLES = ['Pii', 'Injection', 'Secret'] as const;

export function TryText({ draft, error, onChange, onKey }: TryTextProps) {
  const { t } = useTranslation('safety');
  return (
    <div className="space-y-2">
      <Field label={draft.side === 'input' ? t('textAsked') : t('textAnswered')} error={error}>
        <TextArea
          rows={8}
          dir="auto"
          value={draft.text}
          onChange={({ target }) => onChange({ text: target.value })}
          onKeyDown={onKey}
        />
      </Field>
      <div className="flex flex-wrap items-center gap-1">
        <span className="mr-1 text-xs text-muted">{t('examples')}</span>
        {EXAMPLES.map((example) => (
          <Button key={example} size="small" onClick={() => onChange({ text: t(`example${example}Text`) })}>
            {t(`example${example}`)}
          </Button>
        ))}
      </div>
    </div>
  );
}

interface TryBodyProps extends TryTextProps {
  readonly endpointError: string | undefined;
}

export function TryBody({ draft, error, endpointError, onChange, onKey }: TryBodyProps) {
  const { t } = useTranslation('safety');
  return (
    <div className="space-y-3">
      <Field label={t('endpoint')} error={endpointError}>
        <Select value={draft.endpoint} onChange={({ target }) => onChange({ endpoint: target.value })}>
          {ENDPOINTS.map((endpoint) => (
            <option key={endpoint} value={endpoint}>
              {endpoint}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('body')} hint={t('bodyHint')} error={error}>
        <TextArea
          rows={14}
          className="font-mono text-xs"
          value={draft.body}
          onChange={({ target }) => onChange({ body: target.value })}
          onKeyDown={onKey}
        />
      </Field>
    </div>
  );
}
