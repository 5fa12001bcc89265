import { connect } from 'node:net';
import { type RecordableHistogram, createHistogram } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

import { onAsked, say } from '../messages.ts';
import { type Quantiles, quantilesOf, recordMs } from './figures.ts';
import { monotonicMs } from './monotonic.ts';
import { TOKEN_CHARS, TOKEN_MS, startOf } from './paced-stream.ts';

/** So many streams at a time: who has read one to its end opens the next. */
export interface ReadPlan {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  readonly streams: number;
  /** Of each stream. */
  readonly tokens: number;
  /** After the streams were opened one by one over the time that one of them takes. */
  readonly seconds: number;
}

export interface ReadResult {
  /** Of each token, how long after its time it was read. */
  readonly lateness: Quantiles;
  /** Of each stream, how long after it was asked for its first token was read. */
  readonly first: Quantiles;
  readonly streams: number;
  readonly errors: number;
  readonly firstError: string | undefined;
  readonly seconds: number;
  readonly busy: number;
}

const READ_BYTES = 65_536;
const CONTENT = '"content":"';
const BODY_END = '\r\n0\r\n\r\n';
const STATUS = 'HTTP/1.1 200';
const readBuffer = Buffer.alloc(READ_BYTES);
let serial = 0;

class Readers {
  readonly #plan: ReadPlan;
  readonly #closing: (() => void)[] = [];
  #lateness: RecordableHistogram = createHistogram();
  #first: RecordableHistogram = createHistogram();
  #streams = 0;
  #errors = 0;
  #firstError: string | undefined;
  #isOver = false;

  constructor(plan: ReadPlan) {
    this.#plan = plan;
  }

  async run(): Promise<ReadResult> {
    const { streams, tokens, seconds } = this.#plan;
    const rampMs = tokens * TOKEN_MS;
    const began = performance.now();
    for (let at = 0; at < streams; at += 1) {
      const wait = began + (at * rampMs) / streams - performance.now();
      if (wait > 0) await pause(wait);
      this.#open();
    }
    this.#lateness = createHistogram();
    this.#first = createHistogram();
    this.#streams = 0;
    const cpu = process.threadCpuUsage();
    const startedAt = performance.now();
    await pause(seconds * 1000);
    const lasted = (performance.now() - startedAt) / 1000;
    const { user, system } = process.threadCpuUsage(cpu);
    this.#isOver = true;
    for (const close of this.#closing) close();
    return {
      lateness: quantilesOf(this.#lateness),
      first: quantilesOf(this.#first),
      streams: this.#streams,
      errors: this.#errors,
      firstError: this.#firstError,
      seconds: lasted,
      busy: (user + system) / 1e6 / lasted,
    };
  }

  /** A connection that asks for one stream after the other. */
  #open(): void {
    const { url } = this.#plan;
    const { hostname, port } = new URL(url);
    const reader = new StreamReader((ms) => recordMs(this.#lateness, ms));
    let askedAt = 0;
    const ask = (): void => {
      askedAt = performance.now();
      reader.begin(() => recordMs(this.#first, performance.now() - askedAt));
      socket.write(this.#request());
    };
    const callback = (length: number): boolean => {
      if (this.#isOver || !reader.read(readBuffer.toString('latin1', 0, length))) return true;
      this.#count(reader.text, reader.isRight(this.#plan.tokens));
      ask();
      return true;
    };
    const socket = connect({ host: hostname, port: Number(port), onread: { buffer: readBuffer, callback } });
    this.#closing.push(() => socket.destroy());
    socket.setNoDelay(true);
    socket.on('connect', ask);
    socket.on('error', (error) => this.#count(error.message, false));
    socket.on('close', () => {
      if (!this.#isOver) this.#count(reader.text, false);
    });
  }

  #request(): string {
    const { url, headers, model, tokens } = this.#plan;
    serial += 1;
    const messages = [{ role: 'user', content: `Tell me of river ${serial}, please.` }];
    const body = JSON.stringify({ model, stream: true, max_tokens: tokens, messages });
    const { host, pathname } = new URL(url);
    const lines = Object.entries({
      host,
      ...headers,
      'content-type': 'application/json',
      'content-length': String(body.length),
    });
    return `POST ${pathname} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
  }

  #count(said: string, isRight: boolean): void {
    if (isRight) {
      this.#streams += 1;
      return;
    }
    this.#errors += 1;
    this.#firstError ??= said.slice(-200);
  }
}

/** Follows one answer: how much of its text has come, and what of it is late. */
class StreamReader {
  readonly #late: (ms: number) => void;
  #began: () => void = () => {};
  #rest = '';
  #chars = 0;
  #startMs = 0;
  #isOk = false;
  #isDone = false;

  constructor(late: (ms: number) => void) {
    this.#late = late;
  }

  /** The last that came, for errors. */
  get text(): string {
    return this.#rest;
  }

  begin(began: () => void): void {
    this.#began = began;
    this.#rest = '';
    this.#chars = 0;
    this.#isOk = false;
    this.#isDone = false;
  }

  isRight(tokens: number): boolean {
    return this.#isOk && this.#chars === tokens * TOKEN_CHARS && this.#isDone;
  }

  /** Whether the answer is at its end. */
  read(piece: string): boolean {
    const text = this.#rest + piece;
    const now = monotonicMs();
    if (this.#chars === 0 && text.startsWith(STATUS)) this.#isOk = true;
    if (text.includes('[DONE]')) this.#isDone = true;
    // A frame that is not whole yet is read again with the rest of it.
    const end = text.lastIndexOf('\n\n') + 2;
    for (let at = text.indexOf(CONTENT); at >= 0 && at < end; at = text.indexOf(CONTENT, at)) {
      const from = at + CONTENT.length;
      const until = text.indexOf('"', from);
      this.#take(text, from, until - from, now);
      at = until;
    }
    this.#rest = text.endsWith(BODY_END) || end < 2 ? text : text.slice(end);
    return text.endsWith(BODY_END);
  }

  #take(text: string, from: number, chars: number, now: number): void {
    if (this.#chars === 0 && chars >= TOKEN_CHARS) {
      this.#startMs = startOf(text.slice(from, from + TOKEN_CHARS));
      this.#began();
    }
    const before = Math.floor(this.#chars / TOKEN_CHARS);
    this.#chars += chars;
    const after = Math.floor(this.#chars / TOKEN_CHARS);
    for (let token = before; token < after; token += 1) this.#late(now - this.#startMs - token * TOKEN_MS);
  }
}

async function read(plan: ReadPlan): Promise<void> {
  say('read', null);
  say('readings', await new Readers(plan).run());
}

onAsked('read', (details) => void read(details as ReadPlan));
// The probe lets go of the channel, and between two plans nothing else keeps this process.
process.channel?.ref();
say('ready', { port: 0 });
