import type { Gateway } from './gateway.ts';

/** A gateway on which everything that the metrics tell of can happen. */
export const PROMETHEUS_CONFIG = `
providers:
  lab: { type: simulator }
  broken: { type: simulator, errorRate: 1, errorStatus: 500 }
prices:
  lab/small: { input: 1, output: 4, cacheRead: 0.1 }
  lab/echo: { input: 1, output: 4, cacheRead: 0.1 }
  broken/m: { input: 1, output: 4 }
models:
  chat:
    target: lab/small
    objectives:
      availability: 0.99
      latency: { below: 10s }
      ttft: { below: 2s }
      costPer1kTokens: 0.01
  cheap: { target: lab/echo }
  cached: { target: lab/echo, cache: { exact: {} } }
  guarded: { target: lab/echo, guards: everything }
  narrow: { target: lab/echo, queue: { concurrency: 1 } }
  helped: { target: broken/m, fallback: [lab/echo] }
  alone: { target: broken/m, retries: { max: 1, baseDelay: 1ms }, breaker: { failures: 2 } }
guards:
  everything: { pii: {} }
limits:
  - { per: project, id: eager, requests: 1/1d }
budgets:
  - { per: project, id: thrifty, usd: 0.000001, period: day, hard: false, degradeTo: { model: cheap, at: 0.5 } }
  - { per: project, id: poor, tokens: 1, period: day, hard: true }
  - { per: model, id: chat, usd: 5, period: day, hard: false }
`;

type Asking = { readonly apiKey?: string; readonly headers?: Record<string, string>; readonly body?: object };

/** Every kind of request, some with an end that is not good. Resolves when all have ended. */
export async function sendOfEverything(gateway: Gateway): Promise<void> {
  const ask = (model: string, { apiKey = gateway.apiKey, headers = {}, body = {} }: Asking = {}): Promise<string> =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }], ...body }),
    }).then((response) => response.text());
  const keyOf = (project: string): Promise<string> => gateway.makeKey({ project });
  const [eager, thrifty, poor] = await Promise.all([keyOf('eager'), keyOf('thrifty'), keyOf('poor')]);
  const long = [{ role: 'user', content: 'Once upon a time there was a gateway. '.repeat(200) }];

  await Promise.all([
    ask('chat', { body: { stream: true }, headers: { 'x-causeway-conversation': 'one' } }),
    ask('chat', { headers: { 'x-causeway-conversation': 'two' } }),
    ask('narrow', { headers: { 'x-causeway-simulate': 'ttft=40ms' } }),
    ask('narrow', { headers: { 'x-causeway-simulate': 'ttft=40ms' } }),
    ask('helped'),
    ask('no-such-model'),
    ask('chat', { apiKey: 'cw-nobody' }),
    ask('cheap', { apiKey: poor }),
    ask('chat', { body: { messages: long, max_tokens: 2 } }),
  ]);
  for (let again = 0; again < 2; again += 1) {
    await ask('chat', { body: { messages: long, max_tokens: 2 } });
    await ask('alone');
    await ask('cached');
    await ask('guarded', { body: { messages: [{ role: 'user', content: 'Write to ann@corp.example.' }] } });
    await ask('cheap', { apiKey: eager });
    await ask('chat', { apiKey: thrifty });
  }
}
