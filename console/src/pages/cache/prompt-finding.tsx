import { useTranslation } from 'react-i18next';

import { compact, count, money } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Ago } from '../../ui/figures.tsx';
import { type Finding, type Piece, differing, kindOf } from './prompt-words.ts';

/** One place at which prompts differ, as it was and as it became. */
export function FindingView({ finding }: { readonly finding: Finding }) {
  const { t } = useTranslation('cache');
  const kind = kindOf(finding.kind);
  return (
    <article className="min-w-0 rounded-md border border-line text-[13px]">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-2">
        <Badge tone="warn">{kind === undefined ? finding.kind : t(`finding_${kind}`)}</Badge>
        <code className="font-mono text-xs">{finding.segment}</code>
        <span className="text-xs text-muted">{t('atByte', { byte: count(finding.byte_offset) })}</span>
        <span className="ml-auto text-xs text-muted tabular-nums">
          {t('lostSo', { tokens: compact(finding.lost_tokens), usd: money(finding.lost_usd) })}
        </span>
      </header>
      <Difference finding={finding} />
      <footer className="px-3 py-2 text-xs text-muted">
        {t('findingRequests', { count: finding.requests, requests: count(finding.requests) })} {t('firstSeen')}{' '}
        <Ago at={finding.since} />
        {', '}
        {t('lastSeen')} <Ago at={finding.last_at} />
        {finding.exact ? null : <> · {t('notExact')}</>}
      </footer>
    </article>
  );
}

function Difference({ finding: { lead, earlier, later } }: { readonly finding: Finding }) {
  const { t } = useTranslation('cache');
  if (earlier === null && later === null) {
    return <p className="border-b border-line px-3 py-2 text-xs text-muted">{t('noTexts')}</p>;
  }
  const pieces = differing(earlier ?? '', later ?? '');
  return (
    <div className="space-y-1 border-b border-line bg-ground px-3 py-2 font-mono text-xs">
      <Side sign="−" word={t('earlier')} lead={lead} pieces={pieces.earlier} tone="bg-bad-soft text-bad" />
      <Side sign="+" word={t('later')} lead={lead} pieces={pieces.later} tone="bg-good-soft text-good" />
    </div>
  );
}

interface SideProps {
  readonly sign: string;
  readonly word: string;
  readonly lead: string | null;
  readonly pieces: readonly Piece[];
  readonly tone: string;
}

function Side({ sign, word, lead, pieces, tone }: SideProps) {
  return (
    <p className="break-words whitespace-pre-wrap">
      <span aria-hidden className="mr-2 text-muted select-none">
        {sign}
      </span>
      <span className="sr-only">{word}: </span>
      {lead === null ? null : <span className="text-muted">{lead}</span>}
      {pieces.map(({ text, differs, place }) => (
        <span key={place} className={differs ? `rounded px-0.5 ${tone}` : ''}>
          {text}
        </span>
      ))}
    </p>
  );
}
