import { connect, type Socket } from 'node:net';
import { type RecordableHistogram, createHistogram, performance } from 'node:perf_hooks';

import { AnswerReader, type HttpAnswer, TAIL_BYTES } from './answer-reader.ts';
import { onAsked, say } from './messages.ts';
import { SERIAL, assertRightAnswer } from './traffic.ts';

/** What to send where, until told to stop. */
export interface LoadPlan {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly stream: boolean;
  readonly concurrency: number;
  /** Each request has a prompt of its own, of the same length, so that no cache has its answer. */
  readonly varied?: boolean;
  /** The text may come in other pieces than the upstream's. */
  readonly regrouped?: boolean;
}

/** What was seen between `mark` and `finish`; errors since `start`, for none is right. */
export interface CaseResult {
  readonly seconds: number;
  readonly answers: number;
  readonly errors: number;
  readonly firstError: string | undefined;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Requests since `start`, the warm-up and the last ones after `finish` included. */
  readonly sent: number;
}

const READ_BYTES = 65_536;
/** How long the last answers may take after `finish`. */
const LAST_ANSWERS_MS = 5000;
/** Between a broken connection and the next, so that a dead server is not hammered. */
const RECONNECT_MS = 50;

/** Every connection reads into it; what one needs longer it copies. */
const readBuffer = Buffer.alloc(READ_BYTES);

/** Of all cases of this process: none asks what another one has asked. */
let serial = 0;

function nextSerial(): string {
  serial += 1;
  return String(serial).padStart(SERIAL.length, '0');
}

/** What each answer must look like: learned from one that was read in full. */
interface Expected {
  readonly bodyBytes: number;
  readonly tail: Buffer;
}

async function learn(plan: LoadPlan): Promise<Expected> {
  // Compressed, it would have another length than what the connections see, which do not ask for that.
  const headers = { ...plan.headers, 'content-type': 'application/json', 'accept-encoding': 'identity' };
  const body = plan.varied === true ? plan.body.replace(SERIAL, nextSerial()) : plan.body;
  const response = await fetch(plan.url, { method: 'POST', headers, body });
  const answer = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`${plan.url} answered ${response.status}: ${answer.toString()}`);
  assertRightAnswer(answer.toString(), plan.stream, plan.regrouped);
  return { bodyBytes: answer.length, tail: answer.subarray(-TAIL_BYTES) };
}

function requestBytes({ url, headers, body }: LoadPlan): Buffer {
  const { host, pathname } = new URL(url);
  const lines = Object.entries({
    host,
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

/** A closed loop: each connection sends its next request when it has read the answer to the last. */
class Load {
  readonly #plan: LoadPlan;
  readonly #expected: Expected;
  readonly #request: Buffer;
  /** Where the number of the request stands; undefined where all are the same. */
  readonly #serialAt: number | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #allClosed = Promise.withResolvers<void>();
  #latencyUs: RecordableHistogram = createHistogram();
  #markedAt = 0;
  #answers = 0;
  #errors = 0;
  #firstError: string | undefined;
  /** The one that was read in full is the first. */
  #sent = 1;
  #stopping = false;

  constructor(plan: LoadPlan, expected: Expected) {
    this.#plan = plan;
    this.#expected = expected;
    this.#request = requestBytes(plan);
    this.#serialAt = plan.varied === true ? this.#request.indexOf(SERIAL) : undefined;
    for (let at = 0; at < plan.concurrency; at += 1) this.#open();
  }

  /** The warm-up is over. */
  mark(): void {
    this.#latencyUs = createHistogram();
    this.#answers = 0;
    this.#markedAt = performance.now();
  }

  /** Right ones since the mark. */
  get answers(): number {
    return this.#answers;
  }

  /** What was measured; then lets the running requests end. */
  async finish(): Promise<CaseResult> {
    const result = {
      seconds: (performance.now() - this.#markedAt) / 1000,
      answers: this.#answers,
      errors: this.#errors,
      firstError: this.#firstError,
      p50Ms: this.#latencyUs.percentile(50) / 1000,
      p99Ms: this.#latencyUs.percentile(99) / 1000,
    };
    this.#stopping = true;
    const timer = setTimeout(() => this.#allClosed.resolve(), LAST_ANSWERS_MS);
    await this.#allClosed.promise;
    clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
    return { ...result, sent: this.#sent };
  }

  #open(): void {
    const { hostname, port } = new URL(this.#plan.url);
    let sentAt = 0;
    const reader = new AnswerReader((answer) => {
      const now = performance.now();
      this.#count(answer, now - sentAt);
      sentAt = now;
      this.#next(socket);
    });
    const onRead = (length: number): boolean => {
      reader.read(readBuffer.subarray(0, length));
      return true;
    };
    const socket = connect({ host: hostname, port: Number(port), onread: { buffer: readBuffer, callback: onRead } });
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('connect', () => {
      sentAt = performance.now();
      this.#next(socket);
    });
    socket.on('error', (error) => this.#countError(error.message));
    socket.on('close', () => this.#onClose(socket));
  }

  #next(socket: Socket): void {
    if (this.#stopping) {
      socket.destroy();
      return;
    }
    this.#sent += 1;
    socket.write(this.#nextRequest());
  }

  #nextRequest(): Buffer {
    if (this.#serialAt === undefined) return this.#request;
    // A copy: what was written before may still be waiting for its socket.
    const request = Buffer.from(this.#request);
    request.write(nextSerial(), this.#serialAt, 'latin1');
    return request;
  }

  #onClose(socket: Socket): void {
    this.#sockets.delete(socket);
    if (!this.#stopping) {
      this.#countError('the connection was closed');
      setTimeout(() => this.#open(), RECONNECT_MS);
    } else if (this.#sockets.size === 0) this.#allClosed.resolve();
  }

  #count({ status, bodyBytes, tail }: HttpAnswer, latencyMs: number): void {
    if (status !== 200) this.#countError(`status ${status}`);
    else if (bodyBytes !== this.#expected.bodyBytes || !tail.equals(this.#expected.tail)) {
      this.#countError(`${bodyBytes} bytes ending in ${JSON.stringify(tail.toString('latin1'))}`);
    } else {
      this.#answers += 1;
      this.#latencyUs.record(Math.max(1, Math.round(latencyMs * 1000)));
    }
  }

  #countError(reason: string): void {
    this.#errors += 1;
    this.#firstError ??= reason;
  }
}

let load: Load | undefined;
async function finish(): Promise<void> {
  if (load) say('finish', await load.finish());
}

async function start(plan: LoadPlan): Promise<void> {
  load = new Load(plan, await learn(plan));
  say('start', null);
}

onAsked('start', (details) => void start(details as LoadPlan));
onAsked('mark', () => {
  load?.mark();
  say('mark', null);
});
onAsked('answers', () => say('answers', load?.answers ?? 0));
onAsked('finish', () => void finish());
// The probe lets go of the channel, and between two cases nothing else keeps this process.
process.channel?.ref();
