import { setTimeout as pause } from 'node:timers/promises';

import { Pool } from 'undici';

import { onAsked, say } from '../messages.ts';

export interface HoldPlan {
  readonly url: string;
  readonly key: string;
  readonly model: string;
  readonly streams: number;
  /** How many are opened in a second. */
  readonly perSecond: number;
}

export interface HoldResult {
  /** Ended with a reason, `[DONE]` and the end of the body. */
  readonly proper: number;
  /** How the others ended, and how often. */
  readonly improper: Readonly<Record<string, number>>;
  /** Milliseconds in which all streams were open and had spoken. */
  readonly togetherMs: number;
}

const LIMIT_MS = 300_000;
const FINISH = '"finish_reason":"stop"';
const DONE = 'data: [DONE]';
/** No stream says more. */
const MOST_CHARS = 16_384;

class Holder {
  readonly #plan: HoldPlan;
  readonly #pool: Pool;
  readonly #improper: Record<string, number> = {};
  readonly #ended = Promise.withResolvers<void>();
  #proper = 0;
  #open = 0;
  #left: number;
  #allSince: number | undefined;
  #togetherMs = 0;

  constructor(plan: HoldPlan) {
    this.#plan = plan;
    this.#left = plan.streams;
    this.#pool = new Pool(plan.url, {
      connections: plan.streams,
      pipelining: 1,
      headersTimeout: LIMIT_MS,
      bodyTimeout: LIMIT_MS,
    });
  }

  async run(): Promise<HoldResult> {
    const started = performance.now();
    for (let at = 0; at < this.#plan.streams; at += 1) {
      const wait = started + (at * 1000) / this.#plan.perSecond - performance.now();
      if (wait > 0) await pause(wait);
      this.#hold();
    }
    await this.#ended.promise;
    await this.#pool.destroy();
    return { proper: this.#proper, improper: this.#improper, togetherMs: this.#togetherMs };
  }

  #hold(): void {
    const { key, model } = this.#plan;
    let status = 0;
    let text = '';
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Take your time.' }] });
    this.#pool.dispatch(
      { method: 'POST', path: '/v1/chat/completions', headers, body },
      {
        onRequestStart() {},
        onResponseStart(_, statusCode) {
          status = statusCode;
        },
        onResponseData: (_, chunk) => {
          if (text === '' && status === 200) this.#began();
          if (text.length < MOST_CHARS) text += chunk.toString();
        },
        onResponseEnd: () => {
          const isProper = status === 200 && text.includes(FINISH) && text.includes(DONE);
          this.#end(isProper ? undefined : `${status} ${text.slice(-80)}`);
        },
        onResponseError: (_, error) => this.#end(error.message),
      },
    );
  }

  #began(): void {
    this.#open += 1;
    if (this.#open === this.#plan.streams) this.#allSince = performance.now();
  }

  #end(fault: string | undefined): void {
    if (this.#allSince !== undefined && this.#togetherMs === 0) this.#togetherMs = performance.now() - this.#allSince;
    if (fault === undefined) this.#proper += 1;
    else this.#improper[fault] = (this.#improper[fault] ?? 0) + 1;
    this.#left -= 1;
    if (this.#left === 0) this.#ended.resolve();
  }
}

onAsked('hold', (details) => {
  say('hold', null);
  void new Holder(details as HoldPlan).run().then((result) => say('ended', result));
});
// The probe lets go of the channel, and before the first stream nothing else keeps this process.
process.channel?.ref();
say('ready', { port: 0 });
