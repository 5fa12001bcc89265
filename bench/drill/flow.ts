import { Pool } from 'undici';

import { onAsked, say } from '../messages.ts';

/** Requests at given times, whatever becomes of those before, to all replicas in turn. */
export interface FlowPlan {
  readonly urls: readonly string[];
  readonly streams: readonly FlowStream[];
  readonly seconds: number;
}

/** Requests of one key: so many at once, and again after a pause. */
export interface FlowStream {
  readonly name: string;
  readonly key: string;
  readonly model: string;
  readonly atOnce: number;
  readonly everyMs: number;
}

export interface StreamResult {
  readonly offered: number;
  /** Of every request that was admitted, milliseconds on this process's clock: it was admitted in between. */
  readonly admitted: readonly (readonly [sentAt: number, answeredAt: number])[];
  /** From the first request on until the last was due. */
  readonly seconds: number;
  readonly endings: Readonly<Record<string, number>>;
}

export type FlowResult = Readonly<Record<string, StreamResult>>;

const CONNECTIONS = 128;
const LIMIT_MS = 30_000;
const TICK_MS = 1;
const CODE = /"code":\s*"([a-z_]+)"/;

class Flow {
  readonly #plan: FlowStream;
  readonly #pools: readonly Pool[];
  readonly #admitted: [number, number][] = [];
  readonly #endings: Record<string, number> = {};
  readonly #running: Promise<void>[] = [];

  constructor(plan: FlowStream, pools: readonly Pool[]) {
    this.#plan = plan;
    this.#pools = pools;
  }

  async run(seconds: number): Promise<StreamResult> {
    const { atOnce, everyMs } = this.#plan;
    const startedAt = performance.now();
    const rounds = Math.floor((seconds * 1000) / everyMs);
    const { promise, resolve } = Promise.withResolvers<void>();
    let round = 0;
    const timer = setInterval(() => {
      const due = Math.min(rounds, 1 + Math.floor((performance.now() - startedAt) / everyMs));
      for (; round < due; round += 1) {
        for (let left = atOnce; left > 0; left -= 1) this.#running.push(this.#send());
      }
      if (round < rounds || performance.now() - startedAt < seconds * 1000) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
    await promise;
    const lasted = (performance.now() - startedAt) / 1000;
    await Promise.all(this.#running);
    return { offered: this.#running.length, admitted: this.#admitted, seconds: lasted, endings: this.#endings };
  }

  async #send(): Promise<void> {
    const { key, model } = this.#plan;
    const pool = this.#pools[this.#running.length % this.#pools.length];
    const sentAt = performance.now();
    let word = 'no answer';
    try {
      const answer = await pool?.request({
        method: 'POST',
        path: '/v1/chat/completions',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model, max_tokens: 8, messages: [{ role: 'user', content: 'hello' }] }),
      });
      const answeredAt = performance.now();
      const text = (await answer?.body.text()) ?? '';
      if (answer?.statusCode === 200) this.#admitted.push([sentAt, answeredAt]);
      word = answer?.statusCode === 200 ? '200' : `${answer?.statusCode} ${CODE.exec(text)?.[1] ?? ''}`;
    } catch (error) {
      word = error instanceof Error ? error.message : 'failed';
    }
    this.#endings[word] = (this.#endings[word] ?? 0) + 1;
  }
}

async function flow({ urls, streams, seconds }: FlowPlan): Promise<FlowResult> {
  const limits = { connections: CONNECTIONS, headersTimeout: LIMIT_MS, bodyTimeout: LIMIT_MS };
  const pools = urls.map((url) => new Pool(url, limits));
  const results = await Promise.all(
    streams.map(async (stream) => [stream.name, await new Flow(stream, pools).run(seconds)] as const),
  );
  await Promise.all(pools.map((pool) => pool.close()));
  return Object.fromEntries(results);
}

onAsked('flow', (details) => {
  say('flow', null);
  void flow(details as FlowPlan).then((result) => say('flowed', result));
});
// The probe lets go of the channel, and between two plans nothing else keeps this process.
process.channel?.ref();
say('ready', { port: 0 });
