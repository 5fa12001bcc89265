import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { goOnFrom, runAll } from './bench.ts';
import type { Run } from './send.ts';

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** Whoever tries it is the tool: what each call gives back is typed here. */
export function CallResults({ run }: { readonly run: Run }) {
  const { t } = useTranslation('playground');
  const [results, setResults] = useState<Readonly<Record<string, string>>>({});
  const send = (): void => {
    goOnFrom(run, results);
    void runAll();
  };
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {run.answer.calls.map(({ at, id, name, arguments: args }) => (
        <div key={at} className="space-y-2 rounded-md border border-line border-l-2 border-l-warn p-2">
          <p className="text-xs font-semibold break-all">
            {t('called', { name })} <span className="font-mono font-normal text-muted">{id}</span>
          </p>
          <Code text={pretty(args)} wrap />
          <Field label={t('resultOf', { name })}>
            <TextArea
              rows={2}
              className="font-mono text-xs"
              placeholder={'{"celsius": 21}'}
              value={results[id] ?? ''}
              onChange={({ target }) => setResults({ ...results, [id]: target.value })}
            />
          </Field>
        </div>
      ))}
      <Button type="submit" size="small" kind="primary">
        {t('sendResults')}
      </Button>
      <p className="text-xs text-muted">{t('sendResultsHint')}</p>
    </form>
  );
}
