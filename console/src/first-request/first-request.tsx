import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, client } from '../api/client.ts';
import { useMay } from '../api/session.ts';
import { Button } from '../ui/button.tsx';
import { Code } from '../ui/code.tsx';
import { Panel } from '../ui/panel.tsx';
import { Segments } from '../ui/segments.tsx';
import { Failure, Note } from '../ui/states.tsx';
import { useSubmit } from '../ui/use-submit.ts';
import { keepMadeKey, useKeyInGuide } from './made-key.ts';
import { SIMULATED, type Snippet, snippets } from './snippets.ts';

const PLACEHOLDER = 'cw-…';
const FIRST_PROJECT = 'default';

/** The first name that a client may ask for: one of the operator's own, else the simulator, which is always there. */
function useFirstModel(): string {
  const { data } = api.useQuery('get', '/admin/v1/models');
  return data?.data[0]?.name ?? SIMULATED;
}

/** For a gateway that nobody has asked yet: how to, in three steps. What comes of it is shown without a reload. */
export function FirstRequest() {
  const { t } = useTranslation('firstRequest');
  const key = useKeyInGuide();
  return (
    <Panel title={t('title')} hint={t('hint')} className="mx-auto max-w-3xl">
      <ol className="space-y-5">
        <li>
          <h3 className="font-medium">{t('key')}</h3>
          <KeyStep made={key} onMade={keepMadeKey} />
        </li>
        <li>
          <SendStep apiKey={key ?? PLACEHOLDER} />
        </li>
        <li>
          <h3 className="font-medium">{t('see')}</h3>
          <output className="mt-1 flex items-center gap-2 text-[13px] text-muted">
            <span className="relative size-2 rounded-full bg-accent" aria-hidden>
              <span className="absolute inset-0 rounded-full bg-accent motion-safe:animate-ping" />
            </span>
            {t('waiting')}
          </output>
        </li>
      </ol>
    </Panel>
  );
}

interface KeyStepProps {
  readonly made: string | undefined;
  readonly onMade: (key: string) => void;
}

function KeyStep({ made, onMade }: KeyStepProps) {
  const { t } = useTranslation('firstRequest');
  const mayEdit = useMay('editor');
  const form = useSubmit();
  const wrong = form.errorBeside();
  const make = (): void =>
    void form.submit(async () => {
      const { data } = await client.POST('/admin/v1/keys', { body: { project: FIRST_PROJECT } });
      if (data) onMade(data.key);
    });
  if (made !== undefined) {
    return (
      <div className="mt-2 space-y-2">
        <Code text={made} wrap />
        <Note tone="warn">{t('shownOnce')}</Note>
      </div>
    );
  }
  return (
    <div className="mt-1 space-y-2">
      <p className="text-[13px] text-muted">{t('keyHint', { project: FIRST_PROJECT })}</p>
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" busy={form.busy} disabled={!mayEdit} onClick={make}>
          {t('keyMake')}
        </Button>
        <Button asChild>
          <Link to="/keys">{t('keyGo')}</Link>
        </Button>
      </div>
      {wrong === undefined ? null : <Failure error={wrong} />}
    </div>
  );
}

function SendStep({ apiKey }: { readonly apiKey: string }) {
  const { t } = useTranslation('firstRequest');
  const [chosen, setChosen] = useState<Snippet['id']>('curl');
  const model = useFirstModel();
  const all = snippets({ origin: location.origin, key: apiKey, model });
  const shown = all.find(({ id }) => id === chosen);
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">{t('send')}</h3>
        <Segments
          label={t('send')}
          value={chosen}
          choices={all.map(({ id, name }) => [id, name] as const)}
          onChange={setChosen}
        />
      </div>
      <Code text={shown?.text ?? ''} />
      <p className="mt-2 text-xs text-muted">{t('models')}</p>
    </>
  );
}
