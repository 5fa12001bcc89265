import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from './button.tsx';
import { classes } from './classes.ts';
import { DialogFocus } from './dialog-focus.ts';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly hint?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, the one that goes on last. */
  readonly actions?: ReactNode;
  readonly wide?: boolean;
  /** At the right edge, over the full height: for details of what a list shows. */
  readonly side?: boolean;
  /** Shows what is never shown again: only its own buttons close it, no key and no click beside it. */
  readonly insists?: boolean;
}

const MIDDLE =
  'top-1/2 left-1/2 max-h-[90dvh] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 rounded-lg border border-line';
const SIDE = 'top-0 right-0 h-dvh w-full max-w-2xl border-l border-line';

export function Dialog(props: DialogProps) {
  const { open, onClose, title, hint, children, actions, wide = false, side = false, insists = false } = props;
  const [focus] = useState(() => new DialogFocus());
  return (
    <Radix.Root open={open} onOpenChange={(isOpen) => (isOpen || insists ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Radix.Content
          {...(hint === undefined ? { 'aria-describedby': undefined } : {})}
          onOpenAutoFocus={side ? focus.onOpenDetails : focus.onOpen}
          onCloseAutoFocus={focus.onClose}
          className={classes(
            'fixed z-40 flex flex-col bg-panel text-ink shadow-2xl',
            side ? SIDE : classes(MIDDLE, wide ? 'max-w-3xl' : 'max-w-lg'),
          )}
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-2">
            <div className="min-w-0">
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {hint === undefined ? null : (
                <Radix.Description className="mt-0.5 text-[13px] text-muted">{hint}</Radix.Description>
              )}
            </div>
            {insists ? null : <Close />}
          </header>
          <div data-part="body" className="min-h-0 flex-1 space-y-4 overflow-y-auto px-5 py-2">
            {children}
          </div>
          {actions === undefined ? (
            <div className="h-3" />
          ) : (
            <footer data-part="actions" className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
              {actions}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Close() {
  const { t } = useTranslation();
  return (
    <Radix.Close asChild>
      <Button kind="quiet" size="icon" aria-label={t('close')} className="-mt-1 -mr-2">
        <X aria-hidden />
      </Button>
    </Radix.Close>
  );
}
