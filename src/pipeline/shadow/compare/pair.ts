import type { AttemptLedger } from '../../../core/attempts.ts';
import { parseJson } from '../../../core/json.ts';
import type { NanoUsd } from '../../../core/money.ts';
import { type Sums, binned, spread } from '../sums.ts';
import { type Asked, hasFormat } from './asked.ts';
import type { Said, SaidTool } from './said.ts';

/** One answer of a pair. */
export interface Side {
  readonly said: Said | undefined;
  readonly finishReason: string | undefined;
  readonly latencyMs: number | undefined;
  /** Of a stream. */
  readonly ttftMs: number | undefined;
  /** Undefined where its price is not known. */
  readonly nanoUsd: NanoUsd | undefined;
}

export interface Pair {
  readonly live: Side;
  readonly candidate: Side;
  readonly asked: Asked | undefined;
}

/**
 * Times at the providers: from the first sending on, over all that was tried. What was waited for here is not in them,
 * since who mirrors has time.
 */
export function timesOf(attempts: AttemptLedger, streamed: boolean): Pick<Side, 'latencyMs' | 'ttftMs'> {
  const sentAt = attempts.all.find((one) => one.sentAt !== undefined)?.sentAt;
  const { shown } = attempts;
  const since = (at: number | undefined) => (at === undefined || sentAt === undefined ? undefined : at - sentAt);
  return { latencyMs: since(shown?.closedAt), ttftMs: streamed ? since(shown?.firstContentAt) : undefined };
}

/** What one pair adds to the sums of all, but for what has to be asked of others. */
export function pairSums({ live, candidate, asked }: Pair): Sums {
  return {
    pairs: 1,
    ...costs(live.nanoUsd, candidate.nanoUsd),
    ...times('latency', live.latencyMs, candidate.latencyMs),
    ...times('ttft', live.ttftMs, candidate.ttftMs),
    finish: { n: 1, same: count(live.finishReason === candidate.finishReason) },
    ...(live.said && candidate.said ? contents(live.said, candidate.said, asked) : {}),
  };
}

function costs(live: NanoUsd | undefined, candidate: NanoUsd | undefined): Sums {
  if (live === undefined || candidate === undefined) return { costUnknown: 1 };
  const products = { live2: live * live, candidate2: candidate * candidate, product: live * candidate };
  return { cost: { n: 1, live, candidate, ...products } };
}

function times(name: string, live: number | undefined, candidate: number | undefined): Sums {
  if (live === undefined || candidate === undefined || live <= 0 || candidate <= 0) return {};
  return { [name]: { times: spread(Math.log(candidate / live)), live: binned(live), candidate: binned(candidate) } };
}

function contents(live: Said, candidate: Said, asked: Asked | undefined): Sums {
  const format = asked?.format;
  // Who calls a function instead is not held to the form of answers.
  const isHeld = format && live.tools.length === 0 && candidate.tools.length === 0;
  return {
    length: { n: 1, live: live.text.length, candidate: candidate.text.length },
    ...(isHeld && {
      format: { n: 1, live: count(hasFormat(live.text, format)), candidate: count(hasFormat(candidate.text, format)) },
    }),
    ...(live.tools.length + candidate.tools.length > 0 && { tools: tools(live.tools, candidate.tools) }),
  };
}

function tools(live: readonly SaidTool[], candidate: readonly SaidTool[]): Sums {
  return { n: 1, same: count(namesOf(live) === namesOf(candidate)), valid: count(candidate.every(isReadable)) };
}

function namesOf(all: readonly SaidTool[]): string {
  return JSON.stringify(all.map(({ name }) => name).toSorted());
}

/** No arguments are written as nothing by some models. */
function isReadable({ arguments: text }: SaidTool): boolean {
  return text === '' || parseJson(text) !== undefined;
}

function count(is: boolean): number {
  return is ? 1 : 0;
}
