import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from './button.tsx';
import { classes } from './classes.ts';

const SHOWN_MS = 1600;

export function CopyButton({ text, label }: { readonly text: string | (() => string); readonly label?: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
    setCopied(true);
  };
  const word = copied ? t('copied') : (label ?? t('copy'));
  return (
    <Button kind="quiet" size="small" onClick={() => void copy()} aria-label={word}>
      {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
      {label === undefined ? null : word}
    </Button>
  );
}

interface CodeProps {
  readonly text: string;
  readonly wrap?: boolean;
  readonly className?: string;
}

/** Text as it stands, to read and to copy. It is always text, whatever is in it. */
export function Code({ text, wrap = false, className }: CodeProps) {
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
        <CopyButton text={text} />
      </div>
    </div>
  );
}

export function Json({ value }: { readonly value: unknown }) {
  return <Code text={JSON.stringify(value, undefined, 2) ?? 'undefined'} wrap />;
}
