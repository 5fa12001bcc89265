import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { count } from '../../format/numbers.ts';

const SHOWN_CHARS = 6000;

/** Text as it was written. A very long one is shown from its beginning until more is wanted. */
export function LongText({ text, className = '' }: { readonly text: string; readonly className?: string }) {
  const { t } = useTranslation('requests');
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > SHOWN_CHARS;
  return (
    <>
      <div className={`break-words whitespace-pre-wrap ${className}`} dir="auto">
        {isLong && !isWhole ? `${text.slice(0, SHOWN_CHARS)}…` : text}
      </div>
      {isLong ? (
        <button type="button" className="mt-1 text-xs text-accent hover:underline" onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('showLess') : t('showAll', { count: text.length, replace: { count: count(text.length) } })}
        </button>
      ) : null}
    </>
  );
}
