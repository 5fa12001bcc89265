import { useTranslation } from 'react-i18next';

import { count, money, share } from '../../format/numbers.ts';
import { Json } from '../../ui/code.tsx';
import { Panel } from '../../ui/panel.tsx';
import { CacheBadge, GuardBadge, known } from './badges.tsx';
import { type Fact, FactsGrid } from '../../ui/facts-grid.tsx';
import { placed } from './placed.ts';
import { noCacheWord, noRoutingWord } from './came-far.ts';
import { isRecord } from '../../format/is-record.ts';
import { type Trace, type Verdict, verdictsOf } from './trace-types.ts';

/** Why it went where it went. */
export function RoutingPanel({ trace }: { readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  const { routing } = trace;
  const facts: readonly (Fact | undefined)[] = routing
    ? [
        routing.policy === null ? undefined : { name: t('routingPolicy'), value: routing.policy },
        routing.target === null ? undefined : { name: t('routingTarget'), value: routing.target },
        routing.rule === null ? undefined : { name: t('routingRule'), value: routing.rule },
        routing.tier === null ? undefined : { name: t('routingTier'), value: routing.tier },
        routing.score === null ? undefined : { name: t('routingScore'), value: routing.score },
        ...routing.rollouts.map(({ kind, id, arm }) => ({
          name: t('routingRollout'),
          value: `${kind} ${id} / ${arm}`,
        })),
      ]
    : [];
  return (
    <Panel title={t('routing')}>
      {routing === null ? <p className="text-[13px] text-muted">{t(noRoutingWord(trace))}</p> : null}
      {typeof routing?.reason === 'string' ? <p className="mb-3 text-[13px] break-words">{routing.reason}</p> : null}
      <FactsGrid facts={facts.filter((fact) => fact !== undefined)} narrow />
      {routing?.cascade ? <Cascade cascade={routing.cascade} /> : null}
    </Panel>
  );
}

type CascadeView = NonNullable<NonNullable<Trace['routing']>['cascade']>;

function Cascade({ cascade: { first, check, confidence, escalated_to: next } }: { readonly cascade: CascadeView }) {
  const { t } = useTranslation('requests');
  const words = { first, check, confidence: share(confidence, 0) };
  return (
    <p className="mt-3 text-[13px] break-words">
      <span className="mr-1 text-xs text-muted">{t('routingCascade')}:</span>
      {next === null ? t('cascadeKept', words) : t('cascadeUp', { ...words, next })}
    </p>
  );
}

/** What the caches did, and what that was worth. */
export function CachePanel({ trace }: { readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  const { cache, savings } = trace;
  const says = t('cacheSays', { returnObjects: true });
  const state = known(says, cache ?? noCacheWord(trace));
  return (
    <Panel title={t('cacheTitle')}>
      <p className="flex flex-wrap items-center gap-2 text-[13px]">
        <CacheBadge state={cache} />
        <span className={cache === null ? 'text-muted' : ''}>{state === undefined ? cache : says[state]}</span>
      </p>
      {savings.length === 0 ? null : (
        <ul className="mt-2 space-y-1 text-[13px]">
          {savings.map(({ mechanism, saved_usd: usd, tokens }) => (
            <li key={mechanism}>
              {t('savedBy', { mechanism, usd: money(usd) })}
              <span className="block text-xs text-muted">
                {t('savedTokens', {
                  count: tokens.input + tokens.output,
                  replace: { count: count(tokens.input + tokens.output) },
                })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** What each guard said, and of what. */
export function GuardsPanel({ trace }: { readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  const verdicts = verdictsOf(trace.verdicts);
  return (
    <Panel title={t('guards')}>
      {verdicts.length === 0 ? <p className="text-[13px] text-muted">{t('guardsNone')}</p> : null}
      <ul className="divide-y divide-line">
        {placed(verdicts).map(({ key, item: verdict }) => (
          <li key={key} className="py-2 first:pt-0 last:pb-0">
            <VerdictView verdict={verdict} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const MICROS = 1000;

function VerdictView({ verdict }: { readonly verdict: Verdict }) {
  const { t } = useTranslation('requests');
  const { guard, outcome, place, score, found, ofAnswer, went, micros, detail } = verdict;
  const places = t('place', { returnObjects: true });
  const name = known(places, place);
  const about = [
    name === undefined ? place : places[name],
    ofAnswer === true && place !== 'output' ? t('ofAnswer') : '',
    score === undefined ? '' : t('score', { score }),
    micros === undefined ? '' : `${(micros / MICROS).toFixed(micros < MICROS ? 2 : 0)} ms`,
    went === 'on' ? t('wentOn') : went === undefined ? '' : t('wentNoFurther'),
  ];
  return (
    <>
      <div className="flex items-center justify-between gap-2 text-[13px]">
        <span className="font-medium break-all">{guard}</span>
        <GuardBadge outcome={outcome} />
      </div>
      <p className="text-xs text-muted">{about.filter((one) => one !== '').join(' · ')}</p>
      {found === undefined ? null : (
        <p className="mt-0.5 text-xs break-words">
          {Object.entries(found)
            .map(([category, times]) => `${category} × ${times}`)
            .join(', ')}
        </p>
      )}
      {isRecord(detail) ? (
        <div className="mt-1">
          <Json value={detail} />
        </div>
      ) : null}
    </>
  );
}

export function MetadataPanel({ trace: { metadata } }: { readonly trace: Trace }) {
  const { t } = useTranslation('requests');
  const isEmpty = metadata === null || (isRecord(metadata) && Object.keys(metadata).length === 0);
  return (
    <Panel title={t('metadata')}>
      {isEmpty ? <p className="text-[13px] text-muted">{t('metadataNone')}</p> : <Json value={metadata} />}
    </Panel>
  );
}
