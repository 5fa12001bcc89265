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

const STATES = { closed: 0, 'half-open': 1, open: 2 } as const;

/** What stands between requests and their targets. */
export function registerTargetMetrics(registry: Registry, targets: () => Iterable<TargetReading>): void {
  const gauge = (name: string, help: string, value: (reading: TargetReading) => number): void =>
    registry.read('gauge', { name, help, labels: ['target'] }, () => readings(targets(), value));
  gauge(
    'llm_target_breaker_state',
    'Breaker of a target: 0 closed, 1 half-open, 2 open. A target that fails is left alone while it is open.',
    ({ breaker }) => STATES[breaker],
  );
  gauge('llm_target_in_flight', 'Requests that a target is answering.', ({ inFlight }) => inFlight);
  gauge('llm_target_waiting', 'Requests that wait for a place at a target.', ({ waiting }) => waiting);
  registry.read(
    'counter',
    {
      name: 'llm_target_breaker_openings_total',
      help: 'How often the breaker of a target opened.',
      labels: ['target'],
    },
    () => readings(targets(), ({ openings }) => openings),
  );
}

/** One line for each target: of several states of one, which differ in their rules, the worst or the sum. */
function readings(targets: Iterable<TargetReading>, value: (reading: TargetReading) => number): Reading[] {
  const found = new Map<string, number>();
  for (const reading of targets) {
    found.set(reading.target, Math.max(found.get(reading.target) ?? 0, value(reading)));
  }
  return [...found].map(([target, number]) => [number, target]);
}
