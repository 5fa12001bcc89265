import { useSyncExternalStore } from 'react';

import { messageOf } from '../../api/api-error.ts';
import {
  type Column,
  type Headers,
  NO_HEADERS,
  type Prompt,
  type Turn,
  newColumn,
  newPrompt,
  newTurn,
} from './draft.ts';
import type { FromTrace } from './from-trace.ts';
import { type Asked, type LeftOut, askedOf } from './request-body.ts';
import { forgetRunKey, runKey } from './run-key.ts';
import { RUNNING, type Run, send } from './send.ts';
import { Wrong } from './wrong.ts';

export const MOST_COLUMNS = 4;
const MOST_HISTORY = 30;
const UNAUTHORISED = 401;

interface HistoryRun {
  readonly column: Column;
  readonly run: Run;
}

/** What was asked once, as it was then. */
export interface HistoryEntry {
  readonly at: number;
  readonly prompt: Prompt;
  readonly runs: readonly HistoryRun[];
}

export interface Bench {
  /** Whose it is: what one operator wrote is not for the next. */
  readonly operator: string;
  readonly project: string;
  readonly prompt: Prompt;
  readonly headers: Headers;
  readonly columns: readonly Column[];
  /** By the key of the column. */
  readonly runs: Readonly<Record<string, Run>>;
  readonly wrong: { readonly column: string; readonly error: Wrong } | undefined;
  readonly leftOut: Readonly<Record<string, readonly LeftOut[]>>;
  readonly history: readonly HistoryEntry[];
  /** The recorded request that this began with. */
  readonly origin: (Pick<FromTrace, 'losses' | 'dropped'> & { readonly traceId: string }) | undefined;
}

function emptyBench(operator: string): Bench {
  return {
    operator,
    project: 'playground',
    prompt: newPrompt(),
    headers: NO_HEADERS,
    columns: [newColumn()],
    runs: {},
    wrong: undefined,
    leftOut: {},
    history: [],
    origin: undefined,
  };
}

/** It outlives the page, so that a look at a trace loses nothing; never the tab. */
let bench = emptyBench('');
const listeners = new Set<() => void>();
let stopping = new AbortController();

function change(part: Partial<Bench>): void {
  bench = { ...bench, ...part };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useBench(): Bench {
  return useSyncExternalStore(subscribe, () => bench);
}

export function openBench(operator: string): void {
  if (bench.operator === operator) return;
  stopRuns();
  change(emptyBench(operator));
}

export function changeBench(part: Partial<Pick<Bench, 'project' | 'headers' | 'origin'>>): void {
  change({ ...part, wrong: undefined });
}

export function changePrompt(part: Partial<Prompt>): void {
  change({ prompt: { ...bench.prompt, ...part }, wrong: undefined });
}

export function changeTurn(key: string, part: Partial<Turn>): void {
  changePrompt({ turns: bench.prompt.turns.map((turn) => (turn.key === key ? { ...turn, ...part } : turn)) });
}

export function moveTurn(key: string, by: -1 | 1): void {
  const turns = [...bench.prompt.turns];
  const from = turns.findIndex((turn) => turn.key === key);
  const [turn] = turns.splice(from, 1);
  if (turn) turns.splice(from + by, 0, turn);
  changePrompt({ turns });
}

export function changeColumn(key: string, part: Partial<Column>): void {
  change({
    columns: bench.columns.map((column) => (column.key === key ? { ...column, ...part } : column)),
    wrong: undefined,
  });
}

export function addColumn(): void {
  const last = bench.columns.at(-1);
  if (bench.columns.length < MOST_COLUMNS) change({ columns: [...bench.columns, newColumn(last?.model, last)] });
}

export function removeColumn(key: string): void {
  change({ columns: bench.columns.filter((column) => column.key !== key) });
}

export function clearBench(): void {
  stopRuns();
  const { operator, project, history, columns } = bench;
  change({ ...emptyBench(operator), project, history, columns });
}

export function fillBench(traceId: string, { prompt, column, losses, dropped }: FromTrace): void {
  stopRuns();
  change({
    prompt,
    columns: [column],
    headers: NO_HEADERS,
    runs: {},
    leftOut: {},
    wrong: undefined,
    origin: { traceId, losses, dropped },
  });
}

export function recall({ prompt, runs }: HistoryEntry): void {
  stopRuns();
  change({
    prompt,
    columns: runs.map(({ column }) => column),
    runs: Object.fromEntries(runs.map(({ column, run }) => [column.key, run])),
    leftOut: {},
    wrong: undefined,
    origin: undefined,
  });
}

export function stopRuns(): void {
  stopping.abort();
}

/** The conversation goes on from this answer, with what its tools gave back. */
export function goOnFrom({ answer }: Run, results: Readonly<Record<string, string>>): void {
  const calls = answer.calls.map(({ id, name, arguments: args }) => ({ id, name, arguments: args }));
  const said = newTurn('assistant', answer.text, { calls });
  const given = calls.map(({ id }) => newTurn('tool', results[id] ?? '', { callId: id }));
  const next = calls.length === 0 ? [newTurn('user')] : given;
  change({ prompt: { ...bench.prompt, turns: [...bench.prompt.turns, said, ...next] }, runs: {} });
}

function draftedRequests(): readonly (readonly [Column, Asked])[] | undefined {
  const { prompt, columns, headers } = bench;
  let at = columns[0];
  try {
    return columns.map((column) => {
      at = column;
      return [column, askedOf(prompt, column, headers)] as const;
    });
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    change({ wrong: { column: at?.key ?? '', error } });
    return undefined;
  }
}

/** Asks all columns at once. */
export async function runAll(): Promise<void> {
  const drafted = draftedRequests();
  if (!drafted) return;
  stopRuns();
  const controller = new AbortController();
  stopping = controller;
  const { prompt } = bench;
  const at = Date.now();
  change({
    wrong: undefined,
    runs: Object.fromEntries(drafted.map(([{ key }]) => [key, RUNNING])),
    leftOut: Object.fromEntries(drafted.map(([{ key }, { leftOut }]) => [key, leftOut])),
  });
  const runs = await Promise.all(
    drafted.map(async ([column, asked]) => ({ column, run: await runOne(column, asked, controller.signal) })),
  );
  change({ history: [{ at, prompt, runs }, ...bench.history].slice(0, MOST_HISTORY) });
}

async function runOne(column: Column, asked: Asked, signal: AbortSignal): Promise<Run> {
  const show = drawn((run) => {
    // Another run may have begun by now.
    if (stopping.signal === signal) change({ runs: { ...bench.runs, [column.key]: run } });
  });
  const once = async (): Promise<Run> => {
    const key = await runKey(bench.project.trim(), bench.operator);
    return send({ dialect: column.dialect, asked, key, signal, onChange: show });
  };
  try {
    let run = await once();
    if (run.status === UNAUTHORISED) {
      // Somebody revoked the key in between: another one is made, once.
      await forgetRunKey();
      run = await once();
    }
    show.now(run);
    return run;
  } catch (thrown) {
    // The key that it goes with could not be made.
    void forgetRunKey();
    const failed: Run = { ...RUNNING, state: 'failed', error: messageOf(thrown) };
    show.now(failed);
    return failed;
  }
}

interface Drawn {
  (run: Run): void;
  now(run: Run): void;
}

/** Not more often than the page is drawn, however fast the pieces come. */
function drawn(show: (run: Run) => void): Drawn {
  let last: Run | undefined;
  let frame: number | undefined;
  const later = (run: Run): void => {
    last = run;
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      if (last) show(last);
    });
  };
  const now = (run: Run): void => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    show(run);
  };
  return Object.assign(later, { now });
}
