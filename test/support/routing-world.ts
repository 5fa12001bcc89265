import type { AttemptClosing } from '../../src/core/attempts.ts';
import type { Assignment, Call } from '../../src/core/call.ts';
import type { Candidate, RoutePlan, RouteRule } from '../../src/core/routing.ts';
import type { Capabilities } from '../../src/models/capabilities/capabilities.ts';
import { ModelCatalog } from '../../src/models/catalog.ts';
import { PriceBook } from '../../src/models/pricing/price-book.ts';
import { type PlanDeps, type PlannedTargets, planTargets } from '../../src/pipeline/routing/plan-targets.ts';
import { RoutingSignals } from '../../src/pipeline/routing/signals/routing-signals.ts';
import { FakeClock } from './fake-clock.ts';
import { fakeProvider } from './fake-provider.ts';
import { type CallParts as Parts, makeCall } from './make-call.ts';

/** Anything of a call, and of its assignment. */
interface CallParts extends Omit<Parts, 'assignment'> {
  readonly assignment?: Partial<Assignment>;
}

/** What the test says of targets; `m` is the model of each provider. */
interface TargetFacts {
  /** Dollars per million tokens, input and output. */
  readonly prices?: Readonly<Record<string, readonly [input: number, output: number]>>;
  readonly capabilities?: Readonly<Record<string, Capabilities>>;
}

/** Targets that are chosen from and never asked. */
export class RoutingWorld {
  readonly clock = new FakeClock();
  readonly signals = new RoutingSignals();
  /** Providers that are left alone. */
  readonly open = new Set<string>();
  readonly deps: PlanDeps;
  random: () => number = Math.random;
  complexity: PlanDeps['complexity'] = () => undefined;

  constructor(names: readonly string[], { prices = {}, capabilities = {} }: TargetFacts = {}) {
    const catalog = new ModelCatalog({
      providers: names.map((name) => fakeProvider('openai', { name }).provider),
      virtualModels: [],
      prices: new PriceBook(
        Object.fromEntries(Object.entries(prices).map(([name, [input, output]]) => [`${name}/m`, { input, output }])),
        [],
        [],
      ),
      capabilities: new Map(Object.entries(capabilities).map(([name, known]) => [`${name}/m`, known])),
      passThroughProviders: new Set(),
    });
    this.deps = {
      catalog: () => catalog,
      clock: this.clock,
      random: () => this.random(),
      signals: this.signals,
      health: { isOpen: ({ provider }) => this.open.has(provider) },
      complexity: (call, plan) => this.complexity(call, plan),
    };
  }

  /** Where a call goes, and why. */
  plan(plan: RoutePlan, parts: CallParts = {}): PlannedTargets {
    const planned = planTargets(routedCall(plan, parts), this.deps);
    if (planned instanceof Promise) throw new Error('somebody was asked');
    return planned;
  }

  /** Names of the providers in the order in which they are asked. */
  order(plan: RoutePlan, parts: CallParts = {}): string[] {
    return this.plan(plan, parts).targets.map(({ provider }) => provider);
  }

  /** Answers of a provider that took so long each. */
  answered(name: string, tookMs: number, { times = 1, streamed = false, outputTokens = 0 } = {}): void {
    for (let time = 0; time < times; time += 1) {
      const { attempts } = makeCall();
      const signals = this.signals.of(`${name}/m`);
      const attempt = attempts.open({ target: `${name}/m`, ...OPENING }, (closed) =>
        signals.closed(closed, streamed ? 'streamed' : 'whole', this.clock.monotonic()),
      );
      signals.opened();
      attempt.sentAt = this.clock.monotonic();
      this.clock.advance(tookMs);
      if (streamed) attempt.firstContentAt = this.clock.monotonic();
      attempt.close(this.clock.monotonic(), COMPLETED);
      if (outputTokens > 0) {
        this.signals.noteAnswer('chat', `${name}/m`, outputTokens, this.clock.monotonic());
      }
    }
  }
}

const OPENING = { priceVersion: undefined, reservedNanoUsd: undefined, retryOf: undefined, simulated: false };
const COMPLETED: AttemptClosing = { outcome: 'completed' };

export function candidate(provider: string, own: Partial<Candidate> = {}): Candidate {
  return { target: { provider, model: 'm' }, weight: 1, quality: undefined, tiers: [], ...own };
}

/** A plan with these providers. */
export function planOf(by: RoutePlan['by'], candidates: readonly Candidate[], own: Partial<RoutePlan> = {}): RoutePlan {
  const nothing = {
    rules: [],
    sticky: 'none',
    complexity: undefined,
    cascade: undefined,
    reference: undefined,
  } as const;
  return { by, candidates, ...nothing, ...own };
}

export function ruleOf(own: Partial<RouteRule> & Pick<RouteRule, 'when'>): RouteRule {
  return { name: 'a rule', unless: undefined, targets: [{ provider: 'own', model: 'm' }], by: 'order', ...own };
}

/** A call for the virtual model `chat` that has the plan. */
export function routedCall(route: RoutePlan, { assignment, ...parts }: CallParts = {}): Call {
  const whole: Assignment = {
    virtualModel: 'chat',
    targets: route.candidates.map(({ target }) => target),
    passThroughCredentials: false,
    timeouts: undefined,
    route,
    ...assignment,
  };
  return makeCall({ ...parts, assignment: whole });
}
