import { monitorEventLoopDelay } from 'node:perf_hooks';

import { Client } from 'undici';

import { onAsked, say } from '../messages.ts';
import { machineMs } from './records-clock.ts';
import type { Answered } from './records-count.ts';

/** An open loop at an even rate, at all addresses in turn, until it is halted. */
export interface SteadyPlan {
  readonly urls: readonly string[];
  readonly key: string;
  /** Sent in turn. */
  readonly bodies: readonly string[];
  readonly perSecond: number;
}

/** A request that was not answered with 200 to its end. */
interface FailedRequest {
  readonly at: number;
  /** `503 queue_full`, `ECONNREFUSED`, … */
  readonly word: string;
}

export interface SteadyResult {
  readonly answered: readonly Answered[];
  readonly failed: readonly FailedRequest[];
  readonly seconds: number;
  /** Time of this thread's CPU, of all time: near 1 the load itself would be what limits. */
  readonly busy: number;
  /** How late this process was to see an answer, 99th percentile. */
  readonly lateP99Ms: number;
}

const TICK_MS = 1;
const LIMIT_MS = 30_000;
const LAG_RESOLUTION_MS = 1;
/** More at a time would be a pile-up and no load; a request beyond it fails here. */
const MOST_CONNECTIONS = 2000;
const CODE = /"code":\s*"([a-z_]+)"/;

/** Connections to one address; the one that was used last is used next. */
class Address {
  readonly url: string;
  readonly #free: Client[] = [];
  open = 0;

  constructor(url: string) {
    this.url = url;
  }

  take(): Client {
    const free = this.#free.pop();
    if (free) return free;
    this.open += 1;
    return new Client(this.url, { headersTimeout: LIMIT_MS, bodyTimeout: LIMIT_MS, keepAliveTimeout: LIMIT_MS * 2 });
  }

  giveBack(client: Client, isSound: boolean): void {
    if (isSound) {
      this.#free.push(client);
      return;
    }
    this.open -= 1;
    void client.destroy();
  }

  async close(): Promise<void> {
    await Promise.all(this.#free.splice(0).map((client) => client.destroy()));
  }
}

class Steady {
  readonly #plan: SteadyPlan;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #answered: Answered[] = [];
  readonly #failed: FailedRequest[] = [];
  readonly #left: Address[] = [];
  readonly #lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  readonly #cpu = process.threadCpuUsage();
  readonly #startedAt = machineMs();
  readonly #timer: NodeJS.Timeout;
  #addresses: readonly Address[];
  #sent = 0;
  #running = 0;
  #over: PromiseWithResolvers<void> | undefined;

  constructor(plan: SteadyPlan) {
    this.#plan = plan;
    this.#headers = { authorization: `Bearer ${plan.key}`, 'content-type': 'application/json' };
    this.#addresses = plan.urls.map((url) => new Address(url));
    this.#lag.enable();
    this.#timer = setInterval(() => this.#sendDue(), TICK_MS);
  }

  /** From now on these addresses; what is under way at another one ends there. */
  aim(urls: readonly string[]): void {
    this.#left.push(...this.#addresses.filter(({ url }) => !urls.includes(url)));
    this.#addresses = urls.map((url) => this.#addresses.find((known) => known.url === url) ?? new Address(url));
  }

  /** No new requests; the result once those under way have ended. */
  async halt(): Promise<SteadyResult> {
    clearInterval(this.#timer);
    const seconds = (machineMs() - this.#startedAt) / 1000;
    const { user, system } = process.threadCpuUsage(this.#cpu);
    this.#over = Promise.withResolvers();
    if (this.#running > 0) await this.#over.promise;
    await Promise.all([...this.#addresses, ...this.#left].map((address) => address.close()));
    this.#lag.disable();
    return {
      answered: this.#answered,
      failed: this.#failed,
      seconds,
      busy: (user + system) / 1e6 / seconds,
      lateP99Ms: Math.max(0, this.#lag.percentile(99) / 1e6 - LAG_RESOLUTION_MS),
    };
  }

  #sendDue(): void {
    const due = Math.floor(((machineMs() - this.#startedAt) / 1000) * this.#plan.perSecond);
    for (; this.#sent < due; this.#sent += 1) this.#send(this.#sent);
  }

  #send(number: number): void {
    const address = this.#addresses[number % this.#addresses.length];
    const body = this.#plan.bodies[number % this.#plan.bodies.length];
    const sentAt = machineMs();
    if (!address || body === undefined || address.open >= MOST_CONNECTIONS) {
      this.#failed.push({ at: sentAt, word: 'not sent' });
      return;
    }
    const client = address.take();
    let status = 0;
    let id = '';
    let text = '';
    this.#running += 1;
    const end = (fault: string | undefined): void => {
      const endedAt = machineMs();
      if (fault === undefined && status === 200) this.#answered.push({ id, sentAt, endedAt });
      else this.#failed.push({ at: endedAt, word: fault ?? `${status} ${CODE.exec(text)?.[1] ?? ''}` });
      address.giveBack(client, fault === undefined);
      this.#running -= 1;
      if (this.#running === 0) this.#over?.resolve();
    };
    client.dispatch(
      { method: 'POST', path: '/v1/chat/completions', headers: this.#headers, body },
      {
        onRequestStart() {},
        onResponseStart(_, statusCode, headers) {
          status = statusCode;
          id = String(headers['x-causeway-request-id'] ?? '');
        },
        onResponseData(_, chunk) {
          if (status !== 200) text += chunk.toString();
        },
        onResponseEnd: () => end(undefined),
        onResponseError: (_, error) => end('code' in error ? String(error.code) : error.name),
      },
    );
  }
}

let steady: Steady | undefined;
onAsked('steady', (details) => {
  steady = new Steady(details as SteadyPlan);
  say('steady', null);
});
onAsked('aim', (details) => {
  steady?.aim(details as readonly string[]);
  say('aim', null);
});
onAsked('halt', () => {
  say('halt', null);
  void steady?.halt().then((result) => say('steadied', result));
});
// The probe lets go of the channel, and between two plans nothing else keeps this process.
process.channel?.ref();
say('ready', { port: 0 });
