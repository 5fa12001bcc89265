import { CROSSED_FAULTS, crossingModels } from './crossings.ts';
import { FAULT_ROWS } from './fault-rows.ts';
import type { SitePlan } from './site.ts';
import { virtualModels } from './virtual-models.ts';

export const HEALTHY = 'healthy';
export const LONG = 'long';
/** The same at a target of another dialect. */
export const LONG_CROSSED = 'long-crossed';
export const LEFT = 'left';

/** 20 tokens in 40 ms. */
const QUICK_ANSWERS = { ttft: 20, tokensPerSecond: 1000, outputTokens: 20 };
const UNHURRIED_ANSWER = { ttft: 20, tokensPerSecond: 20, outputTokens: 200 };
/** Nobody listens there. */
const CLOSED_PORTS = ['1', '2'];

/** Everything that the failure drill needs; every row has targets of its own, so that none sees another's breaker. */
export function faultSite(bare: boolean): SitePlan {
  const models = FAULT_ROWS.map(({ id, sick }) => [id, sick ?? {}] as const);
  const own = FAULT_ROWS.map(({ id, model }) => [id, model] as const);
  return {
    upstreams: {
      sick: { ...QUICK_ANSWERS, models: Object.fromEntries(models) },
      well: {
        ...QUICK_ANSWERS,
        models: { [LEFT]: UNHURRIED_ANSWER },
      },
      ...Object.fromEntries(CROSSED_FAULTS.map(({ name, settings }) => [name, { ...QUICK_ANSWERS, ...settings }])),
    },
    config: (urls) => ({
      providers: providersAt(urls),
      models: virtualModels(
        {
          ...Object.fromEntries(own),
          ...crossingModels(),
          [HEALTHY]: { target: `well/${HEALTHY}` },
          [LONG]: { target: `endless/${LONG}` },
          [LONG_CROSSED]: { target: `endless-claude/${LONG_CROSSED}` },
          [LEFT]: { target: `well/${LEFT}` },
        },
        bare,
      ),
    }),
  };
}

function openai(baseUrl: string): object {
  return { type: 'openai-compatible', apiKey: 'drill', baseUrl: `${baseUrl}/v1` };
}

function anthropic(baseUrl: string | undefined): object {
  return { type: 'anthropic', apiKey: 'drill', baseUrl };
}

function providersAt(urls: Readonly<Record<string, string>>): object {
  const [closed, alsoClosed] = CLOSED_PORTS.map((port) => `http://127.0.0.1:${port}`);
  const crossed = CROSSED_FAULTS.flatMap(({ name }) => [
    [`${name}-openai`, openai(urls[name] ?? '')],
    [`${name}-anthropic`, anthropic(urls[name])],
  ]);
  return {
    sick: openai(urls['sick'] ?? ''),
    'sick-claude': anthropic(urls['sick']),
    well: anthropic(urls['well']),
    endless: openai(urls['endless'] ?? ''),
    'endless-claude': anthropic(urls['endless']),
    gone: openai(closed ?? ''),
    'gone-too': anthropic(alsoClosed),
    nameless: openai('http://causeway-drill.invalid'),
    insecure: openai((urls['well'] ?? '').replace('http:', 'https:')),
    revoked: openai(urls['revoked'] ?? ''),
    limiting: openai(urls['limiting'] ?? ''),
    gemini: { type: 'gemini', apiKey: 'drill', baseUrl: urls['gemini'] },
    ...Object.fromEntries(crossed),
  };
}
