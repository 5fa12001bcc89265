import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segments } from '../../ui/segments.tsx';
import { type Snippet, snippets } from './snippets.ts';

/** A gateway that nobody has asked yet: how to, and that it is being waited for. */
export function FirstRequest() {
  const { t } = useTranslation('requests');
  const all = snippets(location.origin);
  const [chosen, setChosen] = useState<Snippet['id']>('curl');
  const shown = all.find(({ id }) => id === chosen);
  return (
    <Panel title={t('first')} hint={t('firstHint')} className="mx-auto max-w-3xl">
      <div className="space-y-5">
        <section>
          <h3 className="font-medium">{t('firstKey')}</h3>
          <p className="mt-0.5 mb-2 text-[13px] text-muted">{t('firstKeyHint')}</p>
          <Button asChild kind="primary">
            <Link to="/keys">{t('firstKeyGo')}</Link>
          </Button>
        </section>
        <section>
          <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
            <h3 className="font-medium">{t('firstSend')}</h3>
            <Segments
              label={t('firstSend')}
              value={chosen}
              choices={all.map(({ id, name }) => [id, name] as const)}
              onChange={setChosen}
            />
          </div>
          <Code text={shown?.text ?? ''} />
          <p className="mt-2 text-xs text-muted">{t('firstModels')}</p>
        </section>
        <p role="status" className="flex items-center gap-2 text-[13px] font-medium">
          <span className="relative size-2 rounded-full bg-accent" aria-hidden>
            <span className="absolute inset-0 rounded-full bg-accent motion-safe:animate-ping" />
          </span>
          {t('firstWaiting')}
        </p>
      </div>
    </Panel>
  );
}
