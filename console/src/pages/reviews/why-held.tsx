import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client.ts';
import { Badge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/panel.tsx';
import { isRecord } from '../../format/is-record.ts';
import { placed } from '../requests/placed.ts';
import { FoundList } from '../safety/found-list.tsx';
import { foundByText, textAtPointer } from '../safety/marks.ts';
import { usePlaceName } from '../safety/place-name.ts';
import { readHeld } from './held.ts';
import { usePolicies } from './no-master-key.tsx';
import type { OpenedReview, Reason } from './wire.ts';

/** What the guards said that had it wait, and where they find it. */
export function WhyHeld({ review }: { readonly review: OpenedReview }) {
  const { t } = useTranslation('reviews');
  return (
    <Panel title={t('whyHeld')}>
      <ul className="space-y-2">
        {placed(review.reasons).map(({ key, item }) => (
          <ReasonView key={key} reason={item} />
        ))}
      </ul>
      <Places review={review} />
    </Panel>
  );
}

function ReasonView({ reason: { guard, place, score, found, tool } }: { readonly reason: Reason }) {
  const { t } = useTranslation('reviews');
  const placeName = usePlaceName();
  const about = [
    placeName(place),
    tool === undefined ? '' : t('tool', { tool }),
    score === undefined ? '' : t('score', { score: Number(score.toFixed(2)) }),
  ];
  return (
    <li className="text-[13px]">
      <span className="flex flex-wrap items-center gap-2">
        <Badge tone="warn">{guard}</Badge>
        <span className="text-muted">{about.filter((one) => one !== '').join(' · ')}</span>
      </span>
      {Object.entries(found ?? {}).map(([category, times]) => (
        <span key={category} className="mt-0.5 block text-xs">
          {category} × {times}
        </span>
      ))}
    </li>
  );
}

/** Reviews keep no places: the policy is asked for them, which sends nothing and costs nothing. */
function Places({ review }: { readonly review: OpenedReview }) {
  const { t } = useTranslation('reviews');
  const { policy, request, held, endpoint, reasons } = review;
  const isThere = (usePolicies() ?? []).some(({ name }) => name === policy);
  const body = isRecord(request) ? request : undefined;
  const answer = held === null ? undefined : readHeld(held).text;
  const canAsk = isThere && (answer === undefined ? body !== undefined : answer !== '');
  const asked =
    answer === undefined ? { side: 'input', policy, body, endpoint } : { side: 'output', policy, text: answer };
  const { data } = api.useQuery(
    'post',
    '/admin/v1/guards/try',
    { body: asked },
    { enabled: canAsk, staleTime: Number.POSITIVE_INFINITY, retry: false },
  );
  const texts = useMemo(() => {
    const guards = new Set(reasons.map(({ guard }) => guard));
    const found = (data?.found ?? []).filter(({ guard, counts }) => counts && guards.has(guard));
    return foundByText(found, (path) => (answer === undefined ? textAtPointer(body, path) : answer));
  }, [data, reasons, body, answer]);
  if (texts.length === 0) return null;
  return (
    <div className="mt-3 border-t border-line pt-3">
      <h3 className="text-xs font-semibold">{t('placesNow')}</h3>
      <p className="mb-2 text-xs text-muted">{t('placesNowHint')}</p>
      <FoundList texts={texts} />
    </div>
  );
}
