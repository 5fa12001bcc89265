import { type RecordableHistogram, createHistogram } from 'node:perf_hooks';

import { Client, type Dispatcher } from 'undici';

import { onAsked, say } from '../messages.ts';

/** An open loop: requests come when they come, whatever became of those before. */
export interface OfferPlan {
  readonly url: string;
  readonly key: string;
  readonly model: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly timeoutMs: number;
  /** Every so many-th request has priority 9, all others have none. */
  readonly urgentOneIn: number;
  /** Opened before the first request; more are opened as they are needed. */
  readonly connections: number;
}

/** What became of the requests of one kind. */
export interface KindResult {
  readonly sent: number;
  /** Answered with 200. */
  readonly served: number;
  /** Of them, after more than the deadline. */
  readonly late: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface OfferResult {
  readonly urgent: KindResult;
  readonly normal: KindResult;
  /** 200s in time of which the end came while requests were still being offered. */
  readonly servedInWindow: number;
  readonly seconds: number;
  /** How often each status and code was answered: `503 queue_full`. */
  readonly endings: Readonly<Record<string, number>>;
  /** Seconds of Retry-After in refusals, how often each. */
  readonly retryAfters: Readonly<Record<string, number>>;
  /** Connections that were opened while requests were being offered. */
  readonly opened: number;
  /** Time of this thread's CPU, of all time: near 1 the load itself would be what limits. */
  readonly busy: number;
  /** Seconds after the start of the last request that was refused, failed or took longer than `slowMs`. */
  readonly lastTroubleS: number;
}

const CONNECT_AT_ONCE = 50;
const TICK_MS = 1;
/** Beyond this an answer counts as trouble in `lastTroubleS`: three times what the target takes. */
const SLOW_MS = 300;
/** On top of a request's deadline; then the client gives up. */
const GRACE_MS = 3000;
/** Longer than any connection rests here. */
const IDLE_MS = 60_000;
const CODE = /"code":\s*"([a-z_]+)"/;

class Kind {
  readonly #latencyUs: RecordableHistogram = createHistogram();
  sent = 0;
  served = 0;
  late = 0;

  serve(ms: number, deadlineMs: number): void {
    this.served += 1;
    if (ms > deadlineMs) this.late += 1;
    this.#latencyUs.record(Math.max(1, Math.round(ms * 1000)));
  }

  result(): KindResult {
    const { sent, served, late } = this;
    const ms = (share: number): number => (served === 0 ? Number.NaN : this.#latencyUs.percentile(share) / 1000);
    return { sent, served, late, p50Ms: ms(50), p99Ms: ms(99) };
  }
}

class Offer {
  readonly #plan: OfferPlan;
  readonly #clients: Client[] = [];
  /** The one that was used last is used next, so that those beyond what is needed rest. */
  readonly #free: Client[] = [];
  readonly #request: Readonly<Record<'urgent' | 'normal', Dispatcher.DispatchOptions>>;
  readonly #urgent = new Kind();
  readonly #normal = new Kind();
  readonly #endings: Record<string, number> = {};
  readonly #retryAfters: Record<string, number> = {};
  readonly #done = Promise.withResolvers<void>();
  #startedAt = 0;
  #isOver = false;
  #servedInWindow = 0;
  #running = 0;
  #lastTrouble = 0;

  constructor(plan: OfferPlan) {
    this.#plan = plan;
    this.#request = { urgent: requestOf(plan, '9'), normal: requestOf(plan, undefined) };
  }

  async run(): Promise<OfferResult> {
    await this.#connect();
    const before = this.#clients.length;
    const cpu = process.threadCpuUsage();
    this.#startedAt = performance.now();
    await this.#offerAll();
    this.#isOver = true;
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const { user, system } = process.threadCpuUsage(cpu);
    if (this.#running > 0) await this.#done.promise;
    await Promise.all(this.#clients.map((client) => client.destroy()));
    return {
      urgent: this.#urgent.result(),
      normal: this.#normal.result(),
      servedInWindow: this.#servedInWindow,
      seconds,
      endings: this.#endings,
      retryAfters: this.#retryAfters,
      opened: this.#clients.length - before,
      busy: (user + system) / 1e6 / seconds,
      lastTroubleS: this.#lastTrouble / 1000,
    };
  }

  /** Some at a time: a storm of connections is another matter than one of requests. */
  async #connect(): Promise<void> {
    for (let at = 0; at < this.#plan.connections; at += CONNECT_AT_ONCE) {
      const clients = Array.from({ length: CONNECT_AT_ONCE }, () => this.#open());
      await Promise.all(clients.map((client) => touch(client)));
      this.#free.push(...clients);
    }
  }

  #open(): Client {
    const limit = this.#plan.timeoutMs + GRACE_MS;
    const client = new Client(this.#plan.url, { headersTimeout: limit, bodyTimeout: limit, keepAliveTimeout: IDLE_MS });
    this.#clients.push(client);
    return client;
  }

  #offerAll(): Promise<void> {
    const { perSecond, seconds, urgentOneIn } = this.#plan;
    const all = perSecond * seconds;
    let sent = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setInterval(() => {
      const due = Math.min(all, Math.floor(((performance.now() - this.#startedAt) / 1000) * perSecond));
      for (; sent < due; sent += 1) this.#send(sent % urgentOneIn === 0);
      if (sent < all) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
    return promise;
  }

  #send(isUrgent: boolean): void {
    const kind = isUrgent ? this.#urgent : this.#normal;
    const sentAt = performance.now();
    const client = this.#free.pop() ?? this.#open();
    let status = 0;
    let text = '';
    kind.sent += 1;
    this.#running += 1;
    const end = (ending: string): void => {
      const ms = performance.now() - sentAt;
      if (status === 200) kind.serve(ms, this.#plan.timeoutMs);
      if (status === 200 && !this.#isOver && ms <= this.#plan.timeoutMs) this.#servedInWindow += 1;
      if (status !== 200 || ms > SLOW_MS) this.#lastTrouble = Math.max(this.#lastTrouble, sentAt - this.#startedAt);
      count(this.#endings, ending);
      this.#free.push(client);
      this.#running -= 1;
      if (this.#isOver && this.#running === 0) this.#done.resolve();
    };
    client.dispatch(isUrgent ? this.#request.urgent : this.#request.normal, {
      onRequestStart() {},
      onResponseStart: (_, statusCode, headers) => {
        status = statusCode;
        if (status !== 200) count(this.#retryAfters, singleValue(headers['retry-after']));
      },
      onResponseData(_, chunk) {
        if (status !== 200) text += chunk.toString();
      },
      onResponseEnd: () => end(status === 200 ? '200' : `${status} ${CODE.exec(text)?.[1] ?? ''}`),
      onResponseError(_, error) {
        status = 0;
        end('code' in error && typeof error.code === 'string' ? error.code : error.name);
      },
    });
  }
}

async function touch(client: Client): Promise<void> {
  const { body } = await client.request({ method: 'GET', path: '/healthz' });
  await body.dump();
}

function count(counts: Record<string, number>, word: string): void {
  counts[word] = (counts[word] ?? 0) + 1;
}

function singleValue(value: string | string[] | undefined): string {
  return value === undefined ? 'none' : value.toString();
}

function requestOf({ key, model, timeoutMs }: OfferPlan, priority: string | undefined): Dispatcher.DispatchOptions {
  return {
    method: 'POST',
    path: '/v1/chat/completions',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'x-causeway-timeout-ms': String(timeoutMs),
      ...(priority === undefined ? {} : { 'x-causeway-priority': priority }),
    },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'What do you know about rivers?' }] }),
  };
}

onAsked('offer', (details) => {
  say('offer', null);
  void new Offer(details as OfferPlan).run().then((result) => say('offered', result));
});
// The probe lets go of the channel, and between two offers nothing else keeps this process.
process.channel?.ref();
say('ready', { port: 0 });
