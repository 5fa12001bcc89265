import { useTranslation } from 'react-i18next';

import { classes } from '../../ui/classes.ts';
import { placed } from '../requests/placed.ts';
import { type MarkedPiece, markedPieces } from './marks.ts';
import type { Found } from './wire.ts';

/** A text with what guards found in it; who points at a mark is told by whom, and what. */
export function MarkedText({ text, found }: { readonly text: string; readonly found: readonly Found[] }) {
  return (
    <div
      dir="auto"
      tabIndex={0}
      role="group"
      className="max-h-96 overflow-auto rounded-md border border-line bg-ground p-3 text-[13px] leading-relaxed break-words whitespace-pre-wrap"
    >
      {placed(markedPieces(text, found)).map(({ key, item }) => (
        <PieceView key={key} piece={item} />
      ))}
    </div>
  );
}

function PieceView({ piece: { text, found } }: { readonly piece: MarkedPiece }) {
  const { t } = useTranslation('safety');
  if (found.length === 0) return <span>{text}</span>;
  const counts = found.some((one) => one.counts);
  const title = found
    .map(
      ({ guard, category, counts: isEnough }) => `${guard}: ${category}${isEnough ? '' : ` (${t('belowThreshold')})`}`,
    )
    .join('\n');
  return (
    <mark
      title={title}
      className={classes(
        'rounded-sm text-ink',
        counts ? 'bg-warn/30' : 'bg-transparent underline decoration-muted decoration-dotted underline-offset-4',
      )}
    >
      {text}
    </mark>
  );
}
