import { useTranslation } from 'react-i18next';

import { classes } from '../../ui/classes.ts';
import { placed } from '../requests/placed.ts';
import { MarkedText } from './marked-text.tsx';
import type { FoundText } from './marks.ts';
import { usePlaceName } from './place-name.ts';
import type { Found } from './wire.ts';

const SHOWN = 60;

/** Each text in which something was found, with its marks, and what was found there. */
export function FoundList({ texts }: { readonly texts: readonly FoundText[] }) {
  const placeName = usePlaceName();
  return (
    <div className="space-y-3">
      {texts.map(({ path, place, text, found }) => (
        <div key={`${place} ${path}`} className="min-w-0 space-y-2">
          {path === '' ? null : (
            <p className="flex flex-wrap gap-2 text-xs text-muted">
              <span>{placeName(place)}</span>
              <code className="font-mono break-all">{path}</code>
            </p>
          )}
          {text === undefined ? null : <MarkedText text={text} found={found} />}
          <FoundLines found={found} />
        </div>
      ))}
    </div>
  );
}

function FoundLines({ found }: { readonly found: readonly Found[] }) {
  const { t } = useTranslation('safety');
  return (
    <ul className="space-y-1 text-[13px]">
      {placed(found.slice(0, SHOWN)).map(({ key, item: { guard, category, text, counts } }) => (
        <li key={key} className="flex items-baseline gap-2">
          <span className={classes('shrink-0 font-medium', !counts && 'font-normal text-muted')}>
            {guard}: {category}
          </span>
          <span className="min-w-0 truncate font-mono text-xs" title={text}>
            {text}
          </span>
          {counts ? null : <span className="shrink-0 text-xs text-muted">{t('belowThreshold')}</span>}
        </li>
      ))}
    </ul>
  );
}
