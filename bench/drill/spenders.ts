import { setTimeout as pause } from 'node:timers/promises';

import { Client, type Dispatcher } from 'undici';

import { type Random, integerBetween, seededRandom } from '../../src/models/simulator/random.ts';
import { onAsked, say } from '../messages.ts';
import { type Ask, type Mix, drawAsk } from './spend-asks.ts';

/** Clients that share a key, and so a budget. */
export interface SpenderGroup {
  readonly prefix: string;
  readonly key: string;
  readonly clients: number;
  readonly mix: Mix;
}

export interface SpendPlan {
  /** The replicas; a client whose replica is gone goes to the next. */
  readonly urls: readonly string[];
  readonly groups: readonly SpenderGroup[];
  readonly seed: number;
  /** The most that a client waits between two requests. */
  readonly thinkMs: number;
}

/** How one request ended. */
export interface Ending {
  readonly prefix: string;
  /** Epoch milliseconds of its sending and its end. */
  readonly from: number;
  readonly to: number;
  /** `200`, `200 broken`, `429 budget_exhausted`, `left`, `ECONNREFUSED`, … */
  readonly word: string;
}

/** How often each ending came since the plan began, by group. */
export type SpendTally = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The end of a chunk is enough to see whether an answer was whole. */
const TAIL_CHARS = 400;
const CODE = /"code":\s*"([a-z_]+)"/;
const ANTHROPIC_TYPE = /"type":\s*"([a-z_]+_error)"/;
/** A client that was refused does not come back at once. */
const REFUSED_PAUSE_MS = { least: 150, most: 400 };
const LIMIT_MS = 60_000;
const MOST_ENDINGS = 400_000;

class Spenders {
  readonly #plan: SpendPlan;
  readonly #tally = new Map<string, Map<string, number>>();
  readonly #endings: Ending[] = [];
  readonly #running: Promise<void>[] = [];
  #isHalted = false;

  constructor(plan: SpendPlan) {
    this.#plan = plan;
    let at = 0;
    for (const group of plan.groups) {
      for (let left = group.clients; left > 0; left -= 1, at += 1) this.#running.push(this.#spend(group, at));
    }
  }

  tally(): SpendTally {
    return Object.fromEntries([...this.#tally].map(([prefix, counts]) => [prefix, Object.fromEntries(counts)]));
  }

  /** No new requests; when those under way have ended, all endings. */
  async halt(): Promise<Ending[]> {
    this.#isHalted = true;
    await Promise.all(this.#running);
    return this.#endings;
  }

  async #spend(group: SpenderGroup, at: number): Promise<void> {
    const { urls, seed, thinkMs } = this.#plan;
    const random = seededRandom(seed * 100_003 + at);
    let replica = at;
    let client = open(urls, replica);
    // Not all at once: a thousand connections in one instant are another matter.
    await pause(random() * Math.max(500, thinkMs));
    while (!this.#isHalted) {
      const ask = drawAsk(random, group.prefix, group.key, group.mix);
      const from = Date.now();
      const word = await send(client, ask);
      this.#count({ prefix: group.prefix, from, to: Date.now(), word });
      if (/^(ECONN|UND_ERR|EPIPE|other)/.test(word)) {
        void client.destroy();
        replica += 1;
        client = open(urls, replica);
      }
      await pause(restOf(random, word, thinkMs));
    }
    await client.destroy();
  }

  #count(ending: Ending): void {
    const counts = this.#tally.get(ending.prefix) ?? new Map<string, number>();
    this.#tally.set(ending.prefix, counts);
    counts.set(ending.word, (counts.get(ending.word) ?? 0) + 1);
    if (this.#endings.length < MOST_ENDINGS) this.#endings.push(ending);
  }
}

function restOf(random: Random, word: string, thinkMs: number): number {
  const { least, most } = REFUSED_PAUSE_MS;
  return word.startsWith('200') || word === 'left' ? random() * thinkMs : integerBetween(random, least, most);
}

function open(urls: readonly string[], replica: number): Client {
  const url = urls[replica % urls.length] ?? '';
  return new Client(url, { headersTimeout: LIMIT_MS, bodyTimeout: LIMIT_MS, keepAliveTimeout: LIMIT_MS });
}

/** Sends one request, and says in a word what became of it. It never rejects. */
function send(client: Client, { path, headers, body, stream, leaves }: Ask): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let controller: Dispatcher.DispatchController | undefined;
  let status = 0;
  let tail = '';
  let pieces = 0;
  let hasLeft = false;
  const leave = (): void => {
    hasLeft = true;
    controller?.abort(new Error('the client leaves'));
  };
  const timer = leaves && 'afterMs' in leaves ? setTimeout(leave, leaves.afterMs) : undefined;
  const end = (word: string): void => {
    clearTimeout(timer);
    resolve(word);
  };
  client.dispatch(
    { method: 'POST', path, headers: { ...headers }, body },
    {
      onRequestStart(started) {
        controller = started;
        if (hasLeft) leave();
      },
      onResponseStart(_, statusCode) {
        status = statusCode;
      },
      onResponseData(_, chunk) {
        pieces += 1;
        tail = (tail + chunk.toString()).slice(-TAIL_CHARS);
        if (leaves && 'afterPieces' in leaves && pieces >= leaves.afterPieces) leave();
      },
      onResponseEnd: () => end(wordOf(status, tail, stream)),
      onResponseError: (_, error) => end(hasLeft ? 'left' : failureOf(error)),
    },
  );
  return promise;
}

function wordOf(status: number, tail: string, stream: boolean): string {
  if (status !== 200) return `${status} ${(CODE.exec(tail) ?? ANTHROPIC_TYPE.exec(tail))?.[1] ?? ''}`;
  const isWhole = !stream || tail.includes('[DONE]') || tail.includes('"message_stop"');
  return isWhole ? '200' : '200 broken';
}

function failureOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : `other ${error.name}`;
}

let spenders: Spenders | undefined;

onAsked('spend', (details) => {
  spenders = new Spenders(details as SpendPlan);
  say('spend', null);
});
onAsked('tally', () => say('tally', spenders?.tally() ?? {}));
onAsked('halt', () => {
  say('halt', null);
  void spenders?.halt().then((endings) => say('spent', endings));
});
// The probe lets go of the channel, and between two plans nothing else keeps this process.
process.channel?.ref();
say('ready', { port: 0 });
