import { X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

import { messageOf } from '../api/api-error.ts';
import { Button } from './button.tsx';
import { classes } from './classes.ts';

type Kind = 'good' | 'bad' | 'plain';

interface Said {
  readonly id: number;
  readonly kind: Kind;
  readonly text: string;
}

const SHOWN_MS = 4000;
const BAD_SHOWN_MS = 10_000;
const MOST = 4;

let all: readonly Said[] = [];
let count = 0;
const listeners = new Set<() => void>();

function change(next: readonly Said[]): void {
  all = next;
  for (const listener of listeners) listener();
}

function say(kind: Kind, text: string): void {
  count += 1;
  change([...all, { id: count, kind, text }].slice(-MOST));
}

/** A word on what was just done. Errors that somebody must act on stand in the page instead. */
export const toast = {
  good: (text: string) => say('good', text),
  bad: (thrown: unknown) => say('bad', messageOf(thrown)),
  plain: (text: string) => say('plain', text),
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const EDGES: Readonly<Record<Kind, string>> = { good: 'border-l-good', bad: 'border-l-bad', plain: 'border-l-accent' };

export function Toaster() {
  const { t } = useTranslation();
  const said = useSyncExternalStore(subscribe, () => all);
  return (
    <Radix.Provider label={t('notice')}>
      {said.map(({ id, kind, text }) => (
        <Radix.Root
          key={id}
          duration={kind === 'bad' ? BAD_SHOWN_MS : SHOWN_MS}
          onOpenChange={(open) => (open ? undefined : change(all.filter((one) => one.id !== id)))}
          className={classes(
            'flex items-start gap-2 rounded-md border border-l-4 border-line bg-panel py-2 pr-1 pl-3 text-[13px] text-ink shadow-lg',
            EDGES[kind],
          )}
        >
          <Radix.Description className="min-w-0 flex-1 py-1 break-words">{text}</Radix.Description>
          <Radix.Close asChild>
            <Button kind="quiet" size="small" aria-label={t('close')}>
              <X aria-hidden />
            </Button>
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className="fixed right-4 bottom-4 z-50 flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2 outline-none" />
    </Radix.Provider>
  );
}
