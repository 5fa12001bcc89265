import type { SimulatorPlan } from './upstream-plan.ts';

/** What one budget of a drill is spent on: models of its own, so that the simulators' bills say whose they are. */

/** Nano-dollars for a token: whole, so that a bill is exact however it is added up. */
interface TokenPrice {
  readonly input: number;
  readonly output: number;
}

export const SIMULATORS = ['one', 'two'] as const;
export type SimulatorName = (typeof SIMULATORS)[number];

/** The second is dearer, so that a fallback costs more than what it stands in for. */
const PRICES: Readonly<Record<SimulatorName, TokenPrice>> = {
  one: { input: 1000, output: 5000 },
  two: { input: 1700, output: 7300 },
};

/** Half of the requests are for a target that is well. */
export const CHAT_KINDS = ['chat', 'chat', 'chat', 'chat', 'chat', 'flaky', 'flaky', 'cut', 'late', 'hedged'] as const;
export const EMBED_KIND = 'embed';
const KINDS = [...new Set(CHAT_KINDS), EMBED_KIND];

const NANO_PER_TOKEN_TO_USD_PER_MILLION = 1000;

export function modelName(prefix: string, kind: string): string {
  return `${prefix}-${kind}`;
}

/** The faults of the first simulator; the second is well, but scatters, and is slow where it is hedged. */
export function simulatorPlan(name: SimulatorName, prefixes: readonly string[], seed: number): SimulatorPlan {
  const usual = { ttft: 40, tokensPerSecond: 150, outputTokens: 40, latency: 'lognormal', seed } as const;
  if (name === 'two') {
    const slow = prefixes.map((prefix) => [modelName(prefix, 'hedged'), { ttft: 120 }] as const);
    return { ...usual, models: Object.fromEntries(slow) };
  }
  const models = prefixes.flatMap((prefix) => [
    [modelName(prefix, 'flaky'), { errorRate: 0.3, errorStatus: 503 }] as const,
    [modelName(prefix, 'cut'), { cutAfterTokens: 7 }] as const,
    [modelName(prefix, 'late'), { ttft: 1500 }] as const,
  ]);
  return { ...usual, models: Object.fromEntries(models) };
}

/** `providers:`, the second simulator in both of its dialects, so that fallbacks are translated. */
export function simulatorProviders(urls: Readonly<Record<SimulatorName, string>>): object {
  return {
    one: { type: 'openai', apiKey: 'drill', baseUrl: `${urls.one}/v1` },
    two: { type: 'anthropic', apiKey: 'drill', baseUrl: urls.two },
    'two-openai': { type: 'openai-compatible', apiKey: 'drill', baseUrl: `${urls.two}/v1` },
  };
}

/** `models:` of one budget. */
export function virtualModelsOf(prefix: string): Readonly<Record<string, object>> {
  const chain = (kind: string, second: string, more: object = {}): [string, object] => {
    const name = modelName(prefix, kind);
    return [name, { target: `one/${name}`, fallback: [`${second}/${name}`], ...more }];
  };
  const hedged = modelName(prefix, 'hedged');
  return Object.fromEntries([
    chain('chat', 'two'),
    chain('flaky', 'two'),
    chain('cut', 'two'),
    chain('late', 'two', { timeouts: { firstToken: '400ms' } }),
    // From the dearer to the cheaper: twice the bound of the first covers both.
    [hedged, { target: `two/${hedged}`, fallback: [`one/${hedged}`], hedge: { after: '60ms' } }],
    chain(EMBED_KIND, 'two-openai'),
  ]);
}

/** Beside what each model sets: retries that come soon, and breakers that try again soon. */
export const SPENDING_DEFAULTS = {
  timeouts: { connect: '2s', firstToken: '10s', idle: '10s', total: '30s' },
  retries: { max: 2, baseDelay: '100ms', maxDelay: '500ms', budget: { share: 1, perSecond: 100 } },
  breaker: { openFor: '1s' },
  queue: { concurrency: 1000 },
};

/** `prices:` of one budget's models at every provider. */
export function pricesOf(prefix: string): Readonly<Record<string, object>> {
  const entries = KINDS.flatMap((kind) =>
    ['one', 'two', 'two-openai'].map((provider) => {
      const { input, output } = PRICES[provider === 'one' ? 'one' : 'two'];
      return [
        `${provider}/${modelName(prefix, kind)}`,
        { input: usdPerMillion(input), output: kind === EMBED_KIND ? 0 : usdPerMillion(output) },
      ] as const;
    }),
  );
  return Object.fromEntries(entries);
}

function usdPerMillion(nano: number): number {
  return nano / NANO_PER_TOKEN_TO_USD_PER_MILLION;
}

/** What a bill of one simulator comes to. */
export function costOf(name: SimulatorName, bill: { inputTokens: number; outputTokens: number }): number {
  const { input, output } = PRICES[name];
  return bill.inputTokens * input + bill.outputTokens * output;
}

/** The most that one attempt of so many tokens may come to. */
export function mostOf(inputTokens: number, outputTokens: number): number {
  return costOf('two', { inputTokens, outputTokens });
}
