import { ArrowDown, ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { money, share } from '../../format/numbers.ts';
import { Badge } from '../../ui/badge.tsx';
import { classes } from '../../ui/classes.ts';
import { Panel } from '../../ui/panel.tsx';
import type { Health } from './health.ts';
import { useHealth } from './use-models.ts';
import { type WayStep, type WayTarget, wayOf } from './way.ts';
import type { Model } from './wire.ts';

/** The way of a request, from the name that was asked for to the last who may answer. */
export function ModelWay({ model, actions }: { readonly model: Model; readonly actions?: ReactNode }) {
  const { t } = useTranslation('models');
  const health = useHealth();
  const steps = wayOf(model);
  return (
    <Panel title={t('way')} hint={t('wayHint')} actions={actions}>
      <ol className="flex flex-col gap-2 lg:flex-row lg:items-stretch">
        <li className="flex items-center justify-center rounded-md border border-accent/50 bg-accent-soft px-4 py-2 text-[13px] font-medium break-all text-accent">
          {model.name}
        </li>
        {steps.map((step) => (
          <Step key={step.kind} step={step} model={model} health={health} />
        ))}
      </ol>
    </Panel>
  );
}

interface StepProps {
  readonly step: WayStep;
  readonly model: Model;
  readonly health: ReadonlyMap<string, Health>;
}

function Step({ step: { kind, targets }, model: { route }, health }: StepProps) {
  const { t } = useTranslation('models');
  const by = POLICIES.find((one) => one === route?.by);
  const title = kind === 'first' && by !== undefined && targets.length > 1 ? t(`by_${by}`) : t(`step_${kind}`);
  return (
    <li className="flex min-w-0 flex-1 flex-col items-center gap-2 lg:flex-row">
      <ArrowRight className="hidden size-4 shrink-0 text-muted lg:block" aria-hidden />
      <ArrowDown className="size-4 shrink-0 text-muted lg:hidden" aria-hidden />
      <div className="w-full min-w-0 self-stretch rounded-md border border-line p-3">
        <h3 className="text-xs font-medium text-muted">{title}</h3>
        {kind === 'rules' ? <Rules names={route?.rules ?? []} /> : null}
        {kind === 'first' && route !== null && route.sticky !== 'none' ? (
          <p className="mt-1 text-xs text-muted">{t('stickyBy', { by: route.sticky })}</p>
        ) : null}
        <ul className="mt-2 space-y-1.5">
          {targets.map((target) => (
            <Target key={`${target.role} ${target.target}`} target={target} health={health.get(target.target)} />
          ))}
        </ul>
      </div>
    </li>
  );
}

export const POLICIES = ['order', 'weight', 'latency', 'cost', 'load', 'need', 'complexity'] as const;

function Rules({ names }: { readonly names: readonly string[] }) {
  return (
    <ul className="mt-1 list-inside list-disc text-xs">
      {names.map((name) => (
        <li key={name} className="truncate" title={name}>
          {name}
        </li>
      ))}
    </ul>
  );
}

const DOTS: Readonly<Record<Health, string>> = {
  well: 'bg-good',
  unknown: 'bg-strong-line',
  probing: 'bg-warn',
  strained: 'bg-warn',
  down: 'bg-bad',
};

interface TargetProps {
  readonly target: WayTarget;
  readonly health: Health | undefined;
}

function Target({ target: { target, ready, price, share: part, role, tiers }, health = 'unknown' }: TargetProps) {
  const { t } = useTranslation('models');
  const state: Health = ready ? health : 'down';
  return (
    <li className="relative overflow-hidden rounded bg-raised px-2 py-1.5 text-[13px]">
      {part === undefined ? null : (
        <span aria-hidden className="absolute inset-y-0 left-0 bg-accent-soft" style={{ width: share100(part) }} />
      )}
      <span className="relative flex items-center gap-2">
        <span
          role="img"
          aria-label={t(`health_${state}`)}
          title={t(`health_${state}`)}
          className={classes('size-2 shrink-0 rounded-full', DOTS[state])}
        />
        <span className="min-w-0 flex-1 truncate" title={target}>
          {target}
        </span>
        {part === undefined ? null : <span className="shrink-0 tabular-nums">{share(part)}</span>}
      </span>
      <span className="relative flex flex-wrap items-center gap-x-2 pl-4 text-xs text-muted">
        {price === null
          ? t('priceUnknown')
          : t('price', { input: money(price.input_usd), output: money(price.output_usd) })}
        {tiers.length === 0 ? null : <span>{t('tiers', { count: tiers.length, tiers: tiers.join(', ') })}</span>}
        {ready ? null : <Badge tone="bad">{t('notLoaded')}</Badge>}
        {role === 'context_length' || role === 'content_policy' ? <span>{t(`role_${role}`)}</span> : null}
      </span>
    </li>
  );
}

function share100(part: number): string {
  return `${(part * 100).toFixed(1)}%`;
}
