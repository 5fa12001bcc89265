import { useSyncExternalStore } from 'react';

import { askAgain, askAgainOlderThan } from '../api/query-client.ts';

/** How one replica does this moment. */
interface Pulse {
  readonly in_flight: number;
  readonly requests_per_second: number;
  readonly errors_per_second: number;
}

export interface LiveState {
  readonly connection: 'connecting' | 'open' | 'waiting';
  /** Until the next attempt, where the connection broke. */
  readonly retryInMs: number;
  readonly pulse: Pulse | undefined;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** Ticks say what changed; whoever shows it asks again. */
const ASKED_AGAIN: Readonly<Record<string, readonly string[]>> = {
  traces: ['/admin/v1/traces', '/admin/v1/overview', '/admin/v1/conversations', '/admin/v1/guards/verdicts'],
  events: ['/admin/v1/events'],
  reviews: ['/admin/v1/reviews'],
  alerts: ['/admin/v1/alerts'],
};

let state: LiveState = { connection: 'connecting', retryInMs: 0, pulse: undefined };
let source: EventSource | undefined;
let waitMs = FIRST_WAIT_MS;
let wasGreeted = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const tickListeners = new Map<string, Set<() => void>>();

function change(next: Partial<LiveState>): void {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
}

function heard(name: string): void {
  const paths = ASKED_AGAIN[name];
  if (paths) void askAgain(...paths);
  for (const listener of tickListeners.get(name) ?? []) listener();
}

/** Twice as long each time, and by chance between half and all of it, so that pages do not come back all at once. */
function waitAndRetry(): void {
  source?.close();
  const inMs = waitMs * (0.5 + Math.random() / 2);
  waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  change({ connection: 'waiting', retryInMs: inMs, pulse: undefined });
  timer = setTimeout(startLive, inMs);
}

/** Settings of another operator, or of a file, may change any page. */
const EVERYTHING = ['/admin/v1'];

/** What came so short a time before the first greeting has hardly missed anything; asking twice would double each first load. */
const FRESH_MS = 2000;

/** What was told while nobody listened is asked for; at the first greeting, only what came long before it. */
function greeted(): void {
  if (wasGreeted) void askAgain(...EVERYTHING);
  else void askAgainOlderThan(Date.now() - FRESH_MS, ...EVERYTHING);
  wasGreeted = true;
}

export function startLive(): void {
  stopLive();
  change({ connection: 'connecting' });
  source = new EventSource('/admin/v1/live');
  source.addEventListener('open', () => {
    waitMs = FIRST_WAIT_MS;
    change({ connection: 'open', retryInMs: 0 });
  });
  source.addEventListener('hello', greeted);
  source.addEventListener('error', waitAndRetry);
  source.addEventListener('pulse', ({ data }) => change({ pulse: JSON.parse(String(data)) as Pulse }));
  source.addEventListener('settings', () => void askAgain(...EVERYTHING));
  for (const name of Object.keys(ASKED_AGAIN)) source.addEventListener(name, () => heard(name));
}

export function stopLive(): void {
  clearTimeout(timer);
  source?.close();
  source = undefined;
}

/** Calls back at each tick of this name; returns what stops it. */
export function onTick(name: string, listener: () => void): () => void {
  const known = tickListeners.get(name) ?? new Set();
  tickListeners.set(name, known.add(listener));
  return () => known.delete(listener);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLive(): LiveState {
  return useSyncExternalStore(subscribe, () => state);
}
