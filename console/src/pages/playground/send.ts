import { createParser } from 'eventsource-parser';

import { ApiError, messageOf } from '../../api/api-error.ts';
import { type Answer, NO_ANSWER, hasBegun, withEvent } from './answer.ts';
import type { Dialect } from './draft.ts';
import type { Asked } from './request-body.ts';

/** What the gateway says of an answer before it begins. */
interface Told {
  readonly requestId: string | undefined;
  readonly target: string | undefined;
  readonly cache: string | undefined;
  readonly attempts: string | undefined;
  readonly warnings: string | undefined;
  readonly simulated: boolean;
  /** The answer waits for a person to approve it. */
  readonly review: string | undefined;
}

export interface Run {
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  readonly answer: Answer;
  readonly told: Told | undefined;
  readonly error: string | undefined;
  /** Of the refusal, where it was one. */
  readonly status: number | undefined;
  /** From sending to the first piece of the answer, as it is seen here. */
  readonly ttftMs: number | undefined;
  readonly totalMs: number | undefined;
}

export const RUNNING: Run = {
  state: 'running',
  answer: NO_ANSWER,
  told: undefined,
  error: undefined,
  status: undefined,
  ttftMs: undefined,
  totalMs: undefined,
};

/** An answer that came all at once has no pace. */
const LEAST_SECONDS = 0.01;

/** Pieces of output in a second, after the first. */
export function tokensPerSecond({ answer, ttftMs, totalMs }: Run): number | undefined {
  const { output } = answer.usage;
  if (output === undefined || output < 2 || ttftMs === undefined || totalMs === undefined) return undefined;
  const seconds = (totalMs - ttftMs) / 1000;
  return seconds > LEAST_SECONDS ? (output - 1) / seconds : undefined;
}

function toldBy(headers: Headers): Told {
  const text = (name: string): string | undefined => headers.get(`x-causeway-${name}`) ?? undefined;
  return {
    requestId: text('request-id'),
    target: text('target'),
    cache: text('cache'),
    attempts: text('attempts'),
    warnings: text('warnings'),
    simulated: text('simulated') === 'true',
    review: text('review'),
  };
}

interface SendOptions {
  readonly dialect: Dialect;
  readonly asked: Asked;
  readonly key: string;
  readonly signal: AbortSignal;
  readonly onChange: (run: Run) => void;
}

/** Sends it and reads what comes. It never throws: what went wrong is in the run. */
export async function send(options: SendOptions): Promise<Run> {
  const { asked, key, signal, onChange } = options;
  const startedAt = performance.now();
  let run = RUNNING;
  const change = (part: Partial<Run>): void => {
    run = { ...run, ...part };
    onChange(run);
  };
  try {
    const response = await fetch(asked.path, {
      method: 'POST',
      // The key says who asks; the operator's cookie has no business here.
      credentials: 'omit',
      headers: { ...asked.headers, authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(asked.body),
      signal,
    });
    change({ told: toldBy(response.headers) });
    if (!response.ok) throw await ApiError.of(response);
    await readBody(response, options.dialect, (answer) => {
      const isFirst = run.ttftMs === undefined && hasBegun(answer);
      change({ answer, ...(isFirst && { ttftMs: performance.now() - startedAt }) });
    });
    const { error } = run.answer;
    change({ state: error === undefined ? 'done' : 'failed', error });
  } catch (thrown) {
    const status = thrown instanceof ApiError ? thrown.status : undefined;
    change(signal.aborted ? { state: 'stopped' } : { state: 'failed', error: messageOf(thrown), status });
  }
  change({ totalMs: performance.now() - startedAt });
  return run;
}

async function readBody(response: Response, dialect: Dialect, onAnswer: (answer: Answer) => void): Promise<void> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (!isStream || !response.body) {
    onAnswer({ ...NO_ANSWER, text: await response.text() });
    return;
  }
  let answer = NO_ANSWER;
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data === '[DONE]') return;
      answer = withEvent(answer, dialect, JSON.parse(data));
      onAnswer(answer);
    },
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(value);
  }
}
