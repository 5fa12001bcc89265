import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { AnswerReader, type HttpAnswer, TAIL_BYTES } from '../answer-reader.ts';
import { onAsked, say } from '../messages.ts';
import { SERIAL, assertRightAnswer, requestBody } from '../traffic.ts';
import { type Quantiles, type WrongAnswers, quantilesOf, reasonOf, recordMs } from './figures.ts';
import type { MetronomePlan } from './metronome.ts';
import { monotonicMs } from './monotonic.ts';

/** An open loop: requests come when they are due, whatever became of those before. Every prompt is another one. */
export interface ArrivalsPlan extends MetronomePlan {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  /** In turn: whether the answer is asked for as a stream. */
  readonly streamed: readonly boolean[];
  /** Opened before the first request; more are opened as they are needed. */
  readonly connections: number;
}

export interface ArrivalsResult {
  readonly seconds: number;
  readonly errors: number;
  readonly wrong: WrongAnswers;
  /** From when a request was due until its answer was read to the end: what waits to be sent counts. */
  readonly latency: Quantiles;
  /** From when a request was due until it was written: the load's own part of it. */
  readonly sending: Quantiles;
  /** Connections that were opened while requests were due. */
  readonly opened: number;
  /** Part of the time that the thread of the load was on a CPU. */
  readonly busy: number;
}

const READ_BYTES = 65_536;
const LAST_ANSWERS_MS = 10_000;
const readBuffer = Buffer.alloc(READ_BYTES);
/** Of all plans of this process: none asks what another one has asked. */
let serial = 0;

/** One kind of request, and what each of its answers must look like: learned from one that was read in full. */
interface Kind {
  readonly request: Buffer;
  readonly serialAt: number;
  readonly bodyBytes: number;
  readonly tail: Buffer;
}

function nextSerial(): string {
  serial += 1;
  return String(serial).padStart(SERIAL.length, '0');
}

async function learn({ url, headers, model }: ArrivalsPlan, stream: boolean): Promise<Kind> {
  const body = requestBody(model, stream);
  const sent = { ...headers, 'content-type': 'application/json', 'accept-encoding': 'identity' };
  const response = await fetch(url, { method: 'POST', headers: sent, body: body.replace(SERIAL, nextSerial()) });
  const answer = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${answer.toString()}`);
  assertRightAnswer(answer.toString(), stream, true);
  const { host, pathname } = new URL(url);
  const lines = Object.entries({ host, ...sent, 'content-length': String(Buffer.byteLength(body)) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const request = Buffer.from(`POST ${pathname} HTTP/1.1\r\n${head}\r\n${body}`);
  return {
    request,
    serialAt: request.indexOf(SERIAL),
    bodyBytes: answer.length,
    tail: answer.subarray(-TAIL_BYTES),
  };
}

/** A connection and the request that is on it. */
interface Line {
  readonly socket: Socket;
  kind: Kind | undefined;
  due: number;
}

class Load {
  readonly #plan: ArrivalsPlan;
  readonly #kinds: readonly Kind[];
  readonly #latency = createHistogram();
  readonly #sending = createHistogram();
  /** The one that was used last is used next, so that those beyond what is needed rest. */
  readonly #free: Line[] = [];
  readonly #lines = new Set<Line>();
  #sent = 0;
  #running = 0;
  #opened = 0;
  #errors = 0;
  readonly #wrong: Record<string, number> = {};

  constructor(plan: ArrivalsPlan, kinds: readonly Kind[]) {
    this.#plan = plan;
    this.#kinds = kinds;
  }

  async run(): Promise<ArrivalsResult> {
    await this.#connect();
    const before = this.#opened;
    const cpu = process.threadCpuUsage();
    const startedAt = monotonicMs();
    await this.#sendAll();
    const seconds = (monotonicMs() - startedAt) / 1000;
    const { user, system } = process.threadCpuUsage(cpu);
    const deadline = monotonicMs() + LAST_ANSWERS_MS;
    while (this.#running > 0 && monotonicMs() < deadline) await pause(20);
    for (let left = this.#running; left > 0; left -= 1) this.#countError('no answer');
    for (const { socket } of this.#lines) socket.removeAllListeners('close').destroy();
    return {
      seconds,
      errors: this.#errors,
      wrong: this.#wrong,
      latency: quantilesOf(this.#latency),
      sending: quantilesOf(this.#sending),
      opened: this.#opened - before,
      busy: (user + system) / 1e6 / seconds,
    };
  }

  async #connect(): Promise<void> {
    const lines = Array.from({ length: this.#plan.connections }, () => this.#open());
    await Promise.all(lines.map(({ socket }) => once(socket, 'connect')));
    this.#free.push(...lines);
  }

  async #sendAll(): Promise<void> {
    const { arrivals, perSecond, seconds, seed } = this.#plan;
    const workerData: MetronomePlan = { arrivals, perSecond, seconds, seed };
    const metronome = new Worker(new URL('./metronome.ts', import.meta.url), { workerData });
    metronome.on('message', (due: number) => this.#send(due));
    await once(metronome, 'exit');
  }

  #open(): Line {
    const { hostname, port } = new URL(this.#plan.url);
    const reader = new AnswerReader((answer) => this.#count(line, answer));
    const callback = (length: number): boolean => {
      reader.read(readBuffer.subarray(0, length));
      return true;
    };
    const socket = connect({ host: hostname, port: Number(port), onread: { buffer: readBuffer, callback } });
    const line: Line = { socket, kind: undefined, due: 0 };
    this.#opened += 1;
    this.#lines.add(line);
    socket.setNoDelay(true);
    socket.on('error', (error) => this.#countError(error.message));
    socket.on('close', () => this.#onClose(line));
    return line;
  }

  #send(due: number): void {
    const line = this.#free.pop() ?? this.#open();
    const kind = this.#kinds[this.#sent % this.#kinds.length];
    if (!kind) throw new Error('there is nothing to send');
    this.#sent += 1;
    this.#running += 1;
    line.kind = kind;
    line.due = due;
    // A copy: what was written before may still be waiting for its socket.
    const request = Buffer.from(kind.request);
    request.write(nextSerial(), kind.serialAt, 'latin1');
    line.socket.write(request);
    recordMs(this.#sending, monotonicMs() - due);
  }

  #count(line: Line, { status, bodyBytes, tail }: HttpAnswer): void {
    const { kind, due } = line;
    if (!kind) return;
    line.kind = undefined;
    this.#running -= 1;
    this.#free.push(line);
    if (status !== 200) this.#countError(reasonOf(status, tail.toString('latin1')));
    else if (!kind.tail.equals(tail) || bodyBytes !== kind.bodyBytes) this.#countError('other bytes');
    else recordMs(this.#latency, monotonicMs() - due);
  }

  #onClose(line: Line): void {
    this.#lines.delete(line);
    const at = this.#free.indexOf(line);
    if (at !== -1) this.#free.splice(at, 1);
    if (line.kind === undefined) return;
    this.#running -= 1;
    this.#countError('the connection was closed');
  }

  #countError(reason: string): void {
    this.#errors += 1;
    this.#wrong[reason] = (this.#wrong[reason] ?? 0) + 1;
  }
}

async function pour(plan: ArrivalsPlan): Promise<void> {
  const kinds: Kind[] = [];
  for (const stream of plan.streamed) kinds.push(await learn(plan, stream));
  say('pour', null);
  say('poured', await new Load(plan, kinds).run());
}

onAsked('pour', (details) => void pour(details as ArrivalsPlan));
// The probe lets go of the channel, and between two plans nothing else keeps this process.
process.channel?.ref();
say('ready', { port: 0 });
