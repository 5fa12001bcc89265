import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { count, duration, money } from '../../format/numbers.ts';
import type { Texts } from '../../i18n/i18n.ts';
import { Cost, DayTime } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Fact, FactsGrid } from '../../ui/facts-grid.tsx';
import type { Trace } from './trace-types.ts';

type Words = TFunction<readonly ['requests', 'common']>;
type FactName = keyof Texts['requests']['fact'];

/** A name that the list of requests can be narrowed by. */
function Narrow({ by, value }: { readonly by: string; readonly value: string }) {
  return (
    <Link to="/requests" search={{ [by]: value }} className="break-all text-accent hover:underline">
      {value}
    </Link>
  );
}

function narrowing(by: string, value: string | null): ReactNode {
  return value === null ? undefined : <Narrow by={by} value={value} />;
}

function who(trace: Trace): Partial<Record<FactName, ReactNode>> {
  const { conversation_id: conversation, project } = trace;
  return {
    started: <DayTime at={trace.started_at} />,
    project: narrowing('project', project),
    organisation: narrowing('organisation', trace.organisation),
    user: narrowing('user', trace.user_id),
    key: narrowing('key', trace.key_id),
    conversation:
      conversation === null ? undefined : (
        <Link
          to="/conversations/$conversationId"
          params={{ conversationId: conversation }}
          search={project === null ? {} : { project }}
          className="break-all text-accent hover:underline"
        >
          {conversation}
        </Link>
      ),
    clientTrace: narrowing('trace', trace.w3c_trace_id),
  };
}

function what(trace: Trace, t: Words): Partial<Record<FactName, ReactNode>> {
  return {
    model: narrowing('model', trace.model),
    virtualModel: trace.virtual_model === trace.model ? undefined : narrowing('virtual_model', trace.virtual_model),
    target: narrowing('target', trace.target),
    responseModel: trace.response_model ?? undefined,
    endpoint: <span className="break-all">{trace.endpoint}</span>,
    api: `${trace.dialect} · ${trace.operation}`,
    promptVersion: narrowing('prompt_version', trace.prompt_version),
    arm: narrowing('arm', trace.arm),
    streamed: trace.streamed ? t('yes', { ns: 'common' }) : t('no', { ns: 'common' }),
    finishReason: trace.finish_reason ?? undefined,
  };
}

const unlessNone = (value: number | null): string | undefined =>
  value === null || value === 0 ? undefined : count(value);

function howMuch(trace: Trace): Partial<Record<FactName, ReactNode>> {
  const { tokens } = trace;
  return {
    input: count(tokens.input),
    output: count(tokens.output),
    cached: unlessNone(tokens.cached),
    cacheWrite: unlessNone(tokens.cache_write),
    reasoning: unlessNone(tokens.reasoning),
    cost: <Cost usd={trace.cost_usd} known={trace.cost_known} />,
    saved: trace.savings.length === 0 ? undefined : money(trace.saved_usd),
    latency: duration(trace.latency_ms),
    ttft: trace.ttft_ms === null ? undefined : duration(trace.ttft_ms),
    interToken: trace.inter_token_p95_ms === null ? undefined : duration(trace.inter_token_p95_ms),
    overhead: duration(trace.overhead_ms),
    attempts: count(trace.attempts.length),
  };
}

/** What there is to say of a trace, under the names of the texts; what is absent is left out. */
export function factsOf(trace: Trace, t: Words): readonly (Fact & { readonly id: FactName })[] {
  const all = { ...howMuch(trace), ...what(trace, t), ...who(trace) };
  return Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ id: name as FactName, name: t(`fact.${name as FactName}`), value }));
}

export function TraceFacts({ trace }: { readonly trace: Trace }) {
  const { t } = useTranslation(['requests', 'common']);
  return (
    <Panel title={t('facts')}>
      <FactsGrid facts={factsOf(trace, t)} />
    </Panel>
  );
}
