import type { Reading, Registry } from './registry.ts';

/** What is known of one target at the moment. */
export interface TargetReading {
  readonly target: string;
  readonly breaker: 'closed' | 'half-open' | 'open';
  /** How often its breaker opened. */
  readonly openings: number;
  readonly inFlight: number;
  readonly waiting: number;
}

/** How many of a provider's keys are in a state. */
export interface ProviderKeysReading {
  readonly provider: string;
  readonly state: 'usable' | 'limited' | 'refused';
  readonly keys: number;
}

/** What is read of the way to the targets when somebody asks. */
export interface ResilienceReadings {
  targets(): Iterable<TargetReading>;
  providerKeys(): Iterable<ProviderKeysReading>;
  /** How many further attempts were not made for want of a budget, by model. */
  withheldAttempts(): Iterable<Reading>;
}

const STATES = { closed: 0, 'half-open': 1, open: 2 } as const;

/** What stands between requests and their targets. */
export function registerResilienceMetrics(registry: Registry, readings: ResilienceReadings): void {
  registerTargetMetrics(registry, () => readings.targets());
  registry.read(
    'counter',
    {
      name: 'llm_retry_budget_exhausted_total',
      help: 'Retries, fallbacks and hedges that were not made, because the retry budget of the model was used up.',
      labels: ['model'],
    },
    () => readings.withheldAttempts(),
  );
  registry.read(
    'gauge',
    {
      name: 'causeway_provider_keys',
      help: 'Keys of a provider: usable, limited (429, for some model) or refused (401, 402, 403).',
      labels: ['provider', 'state'],
    },
    () => [...readings.providerKeys()].map(({ provider, state, keys }): Reading => [keys, provider, state]),
  );
}

function registerTargetMetrics(registry: Registry, targets: () => Iterable<TargetReading>): void {
  const gauge = (name: string, help: string, readings: () => Reading[]): void =>
    registry.read('gauge', { name, help, labels: ['target'] }, readings);
  gauge(
    'llm_target_breaker_state',
    'Breaker of a target: 0 closed, 1 half-open, 2 open. A target that fails is left alone while it is open.',
    () => perTarget(targets(), ({ breaker }) => STATES[breaker], Math.max),
  );
  gauge('llm_target_in_flight', 'Requests that a target is answering.', () =>
    perTarget(targets(), ({ inFlight }) => inFlight, sum),
  );
  gauge('llm_target_waiting', 'Requests that wait for a place at a target.', () =>
    perTarget(targets(), ({ waiting }) => waiting, sum),
  );
  registry.read(
    'counter',
    {
      name: 'llm_target_breaker_openings_total',
      help: 'How often the breaker of a target opened.',
      labels: ['target'],
    },
    () => perTarget(targets(), ({ openings }) => openings, sum),
  );
}

/** One line for each target, also where it has several states that differ in their rules. */
function perTarget(
  targets: Iterable<TargetReading>,
  value: (reading: TargetReading) => number,
  join: (a: number, b: number) => number,
): Reading[] {
  const found = new Map<string, number>();
  for (const reading of targets) found.set(reading.target, join(found.get(reading.target) ?? 0, value(reading)));
  return [...found].map(([target, number]) => [number, target]);
}

function sum(a: number, b: number): number {
  return a + b;
}
