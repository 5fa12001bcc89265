import { useTranslation } from 'react-i18next';

import { count, duration } from '../../format/numbers.ts';
import { Json } from '../../ui/code.tsx';
import { Cost } from '../../ui/figures.tsx';
import { known } from './badges.tsx';
import { type Fact, FactsGrid } from '../../ui/facts-grid.tsx';
import { PatchList } from './patch-list.tsx';
import { isRecord } from '../../format/is-record.ts';
import { type Attempt, type Trace, patchesOf } from './trace-types.ts';

interface AttemptDetailProps {
  readonly attempt: Attempt;
  readonly index: number;
  readonly trace: Trace;
}

function useAttemptFacts({ attempt, index, trace }: AttemptDetailProps): readonly Fact[] {
  const { t } = useTranslation('requests');
  const { tokens, kind, retry_of: before } = attempt;
  const kinds = t('attemptKind', { returnObjects: true });
  const kindName = kind === null ? undefined : known(kinds, kind);
  const place = t('attemptNo', { number: index + 1, count: trace.attempts.length });
  const follows = before === null ? '' : ` (${t('attemptOf', { number: before + 1 })})`;
  const sources = { reported: t('usageReported'), assumed: t('usageAssumed') };
  const costs = { reported: t('costReported'), priced: t('costPriced') };
  const source = attempt.usage_source === null ? undefined : known(sources, attempt.usage_source);
  const costSource = attempt.cost_source === null ? undefined : known(costs, attempt.cost_source);
  const facts: readonly (Fact & { readonly hide?: boolean })[] = [
    { name: place, value: `${kindName === undefined ? (kind ?? '–') : kinds[kindName]}${follows}` },
    { name: t('httpStatus'), value: attempt.http_status ?? '–' },
    {
      name: t('errorCode'),
      value: <span className="text-bad">{attempt.error_code}</span>,
      hide: attempt.error_code === null,
    },
    { name: t('fact.latency'), value: duration(attempt.latency_ms) },
    { name: t('fact.ttft'), value: duration(attempt.ttft_ms), hide: attempt.ttft_ms === null },
    { name: t('fact.input'), value: count(tokens?.input) },
    { name: t('fact.cached'), value: count(tokens?.cached), hide: !tokens?.cached },
    { name: t('fact.cacheWrite'), value: count(tokens?.cache_write), hide: !tokens?.cache_write },
    { name: t('fact.output'), value: count(tokens?.output) },
    { name: t('fact.reasoning'), value: count(tokens?.reasoning), hide: !tokens?.reasoning },
    {
      name: t('usageSource'),
      value: source === undefined ? attempt.usage_source : sources[source],
      hide: attempt.usage_source === null,
    },
    { name: t('fact.cost'), value: <Cost usd={attempt.cost_usd} known={attempt.cost_usd !== null} /> },
    {
      name: t('costSource'),
      value: costSource === undefined ? attempt.cost_source : costs[costSource],
      hide: attempt.cost_source === null,
    },
    { name: t('priceVersion'), value: attempt.price_version, hide: attempt.price_version === null },
    { name: t('fact.responseModel'), value: attempt.response_model, hide: attempt.response_model === null },
    {
      name: t('requestId'),
      value: <span className="break-all">{attempt.provider_request_id}</span>,
      hide: attempt.provider_request_id === null,
    },
  ];
  return facts.filter(({ hide }) => hide !== true);
}

/** One call of one target: what it took, what it cost, and what was sent otherwise than it came. */
export function AttemptDetail(props: AttemptDetailProps) {
  const { t } = useTranslation('requests');
  const facts = useAttemptFacts(props);
  const { attempt, trace } = props;
  const { usage_details: details } = attempt;
  const shared = patchesOf(trace.patches);
  const hasDetails = isRecord(details) && Object.keys(details).length > 0;
  return (
    <div className="space-y-4">
      <FactsGrid facts={facts} narrow />
      {hasDetails ? (
        <div>
          <h4 className="mb-1.5 text-xs font-medium text-muted">{t('usageDetails')}</h4>
          <Json value={details} />
        </div>
      ) : null}
      <PatchList patches={[...shared, ...patchesOf(attempt.patches)]} input={trace.input} />
    </div>
  );
}
