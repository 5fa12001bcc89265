import { useTranslation } from 'react-i18next';

import { Button } from '../../ui/button.tsx';
import { Note } from '../../ui/states.tsx';
import type { DraftState } from './draft.ts';
import type { Config } from './wire.ts';

/** A first file, with which something answers. */
const EXAMPLE = `# What a client asks for, and who answers. Every setting: docs/config.md
models:
  chat: { target: sim/small }

# providers:
#   openai: { type: openai, apiKey: "\${OPENAI_API_KEY}" }
`;

interface FileNotesProps {
  readonly config: Config;
  readonly draft: DraftState;
}

/** What to know before one writes: no file, no right to write it, another version of it, what waits for a restart. */
export function FileNotes({ config, draft }: FileNotesProps) {
  const { t } = useTranslation('settings');
  const pending = config.restart_pending;
  return (
    <>
      {config.locked === null ? null : (
        <Note tone="warn">
          {t('readOnly')} {config.locked}
        </Note>
      )}
      {config.exists ? null : (
        <Note className="flex flex-wrap items-center justify-between gap-2">
          <span>{t('noFile', { path: config.path })}</span>
          {config.writable && draft.text === '' ? (
            <Button size="small" onClick={() => draft.write(EXAMPLE)}>
              {t('startFromExample')}
            </Button>
          ) : null}
        </Note>
      )}
      {pending.length === 0 ? null : (
        <Note tone="warn">{t('restartPending', { count: pending.length, keys: pending.join(', ') })}</Note>
      )}
      {draft.isBehind ? (
        <Note tone="warn" className="flex flex-wrap items-center justify-between gap-2">
          <span>{t('behind')}</span>
          <span className="flex gap-2">
            <Button size="small" onClick={draft.keepOnTop}>
              {t('keepMine')}
            </Button>
            <Button size="small" onClick={draft.drop}>
              {t('takeTheirs')}
            </Button>
          </span>
        </Note>
      ) : null}
    </>
  );
}
