import { Check, Copy, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from './button.tsx';
import { classes } from './classes.ts';
import { copyText } from './copy-text.ts';

const SHOWN_MS = 1600;

const FAILED_SHOWN_MS = 6000;
const ICONS = { idle: Copy, copied: Check, failed: TriangleAlert };

interface CopyButtonProps {
  readonly text: string | (() => string);
  readonly label?: string;
  readonly onCopied?: (() => void) | undefined;
}

export function CopyButton({ text, label, onCopied }: CopyButtonProps) {
  const { t } = useTranslation();
  const [state, setState] = useState<keyof typeof ICONS>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), state === 'failed' ? FAILED_SHOWN_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async (): Promise<void> => {
    const isCopied = await copyText(typeof text === 'string' ? text : text());
    setState(isCopied ? 'copied' : 'failed');
    if (isCopied) onCopied?.();
  };
  const word = { idle: label ?? t('copy'), copied: t('copied'), failed: t('notCopied') }[state];
  const Icon = ICONS[state];
  return (
    <Button kind="quiet" size="small" onClick={() => void copy()} aria-label={word}>
      <Icon aria-hidden className={state === 'failed' ? 'text-bad' : ''} />
      {label === undefined && state !== 'failed' ? null : word}
    </Button>
  );
}

interface CodeProps {
  readonly text: string;
  readonly wrap?: boolean;
  readonly className?: string;
  readonly onCopied?: () => void;
}

/** Text as it stands, to read and to copy. It is always text, whatever is in it. */
export function Code({ text, wrap = false, className, onCopied }: CodeProps) {
  return (
    <div className={classes('group relative min-w-0 rounded-md border border-line bg-ground', className)}>
      <pre
        // The keyboard has to reach what can be scrolled.
        tabIndex={0}
        className={classes(
          'max-h-[32rem] overflow-auto p-3 pr-12 font-mono text-xs leading-relaxed',
          wrap && 'break-words whitespace-pre-wrap',
        )}
      >
        {text}
      </pre>
      <div className="absolute top-1 right-1 rounded bg-ground">
        <CopyButton text={text} onCopied={onCopied} />
      </div>
    </div>
  );
}

export function Json({ value }: { readonly value: unknown }) {
  return <Code text={JSON.stringify(value, undefined, 2) ?? 'undefined'} wrap />;
}
