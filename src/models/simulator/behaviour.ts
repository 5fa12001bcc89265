import type { AnswerSettings, SimulatedModelSettings, SimulatorSettings } from './settings.ts';

/** Settings as code gives them: the models may be left out. */
export type SimulatorOptions = Partial<SimulatorSettings>;

/** What one request will meet: everything that has a usual value has one. Times are milliseconds. */
export interface Behaviour extends AnswerSettings {
  readonly ttft: number;
  readonly tokensPerSecond: number;
  readonly latency: 'fixed' | 'uniform' | 'lognormal';
  readonly latencySpread: number;
  readonly outputTokens: number;
  readonly errorRate: number;
  readonly errorStatus: number;
}

const USUAL = {
  ttft: 20,
  tokensPerSecond: 400,
  outputTokens: 40,
  latency: 'fixed',
  latencySpread: 0.5,
  errorRate: 0,
  errorStatus: 500,
} as const satisfies AnswerSettings;

/** What the well-known models are without any setting; every other name is as `small`. */
const BY_MODEL: Readonly<Record<string, AnswerSettings>> = {
  echo: { ttft: 0, tokensPerSecond: 0 },
  large: { ttft: 300, tokensPerSecond: 80, outputTokens: 240 },
};

/** Models that are there without configuration. */
export const SIMULATED_MODELS = ['echo', 'small', 'large', 'embed'] as const;

/** The model's settings, with the instance's under them. */
export function settingsOf(options: SimulatorOptions, model: string): SimulatedModelSettings {
  const own = options.models?.get(model);
  return own ? { ...options, ...own } : options;
}

/** The nearest word counts: of the request, then its model, then the instance, then what is usual. */
export function behaviourOf(options: SimulatorOptions, model: string, request: AnswerSettings | undefined): Behaviour {
  const usual = Object.hasOwn(BY_MODEL, model) ? BY_MODEL[model] : undefined;
  return { ...USUAL, ...usual, ...settingsOf(options, model), ...request };
}
