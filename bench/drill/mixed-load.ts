import { setTimeout as pause } from 'node:timers/promises';

import type { DrillGateway } from './gateway.ts';
import { type Reader, nothingSeen, officialReaders, requestIdOf } from './readers.ts';

/** How one request of a load ended for its client. */
export interface Outcome {
  readonly requestId: string | undefined;
  readonly ms: number;
  /** The whole answer came, and said that it was whole. */
  readonly ok: boolean;
  /** It looked whole and was not. */
  readonly lied: boolean;
  readonly error: string | undefined;
}

export interface LoadShape {
  readonly requests: number;
  readonly perSecond: number;
}

/** Streamed and not, from both of the clients that apps have most. */
const MIX = ['openai stream', 'anthropic whole', 'anthropic stream', 'openai whole'] as const;
/** The upstreams say more than this; what was broken off after five tokens is shorter. */
const WHOLE_TEXT_CHARS = 50;

/** Requests at even distances, whatever becomes of those before: a slow answer does not slow the load down. */
export async function mixedLoad(gateway: DrillGateway, model: string, shape: LoadShape): Promise<Outcome[]> {
  const readers = officialReaders(gateway.url, gateway.key);
  const started = performance.now();
  const running: Promise<Outcome>[] = [];
  for (let at = 0; at < shape.requests; at += 1) {
    const wait = started + (at * 1000) / shape.perSecond - performance.now();
    if (wait > 0) await pause(wait);
    const read = readers[MIX[at % MIX.length] ?? MIX[0]];
    if (read) running.push(ask(read, model, `Question ${at}: what do you know about rivers and towns?`));
  }
  return Promise.all(running);
}

async function ask(read: Reader, model: string, prompt: string): Promise<Outcome> {
  const seen = nothingSeen();
  const started = performance.now();
  let error: string | undefined;
  try {
    await read({ model, prompt }, seen);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : 'something that is no error';
    seen.requestId ??= requestIdOf(thrown);
  }
  const isWhole = seen.text.length >= WHOLE_TEXT_CHARS;
  const claimsWhole = error === undefined && seen.failure === undefined;
  return {
    requestId: seen.requestId,
    ms: performance.now() - started,
    ok: claimsWhole && seen.finish !== undefined && isWhole,
    lied: claimsWhole && !isWhole,
    error: error ?? seen.failure,
  };
}
