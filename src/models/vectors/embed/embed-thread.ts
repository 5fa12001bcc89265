import { parentPort, workerData } from 'node:worker_threads';

import { loadGraphs } from '../index/graph-index.ts';
import { GrowingIndex } from '../index/growing-index.ts';
import { Partitions } from '../index/partitions.ts';
import type { VectorIndex } from '../index/vector-index.ts';
import type { Encoder, Encoders } from './encoder.ts';
import type { Found, FromThread, MadeVector, Question, ThreadStart, ToThread } from './messages.ts';
import { openEncoders } from './open-encoders.ts';

type Port = NonNullable<typeof parentPort>;

/** The thread that makes vectors and searches among them: neither its memory nor its work is the request thread's. */
class EmbedThread {
  readonly #say: (message: FromThread) => void;
  readonly #folder: string | undefined;
  readonly #partitions = new Partitions((dimensions) => new GrowingIndex(dimensions, (size) => this.#makeGraph(size)));
  #encoders: Promise<Encoders | undefined> | undefined;
  #graphs: Awaited<ReturnType<typeof loadGraphs>>;
  #isLoadingGraphs = false;

  constructor({ folder }: ThreadStart, say: (message: FromThread) => void) {
    this.#folder = folder;
    this.#say = say;
  }

  take(message: ToThread): void {
    if (message.kind === 'ask') void this.#answer(message.id, message.questions);
    else if (message.kind === 'add') {
      const { partition, entry, made } = message;
      this.#partitions.add(placeOf(partition, made.space), entry, made.vector);
    } else for (const entry of message.entries) this.#partitions.remove(entry);
  }

  async #answer(id: number, questions: readonly Question[]): Promise<void> {
    const made = await this.#vectorsOf(questions);
    const found = questions.map((question, at) => this.#find(question, made[at]));
    this.#say({ kind: 'found', id, found });
  }

  #find({ partition, most = 1 }: Question, made: MadeVector | undefined): Found | undefined {
    if (!made) return undefined;
    const place = partition === undefined ? undefined : placeOf(partition, made.space);
    return { ...made, near: place === undefined ? [] : this.#partitions.nearest(place, made.vector, most) };
  }

  /** Texts of one encoder are encoded together. */
  async #vectorsOf(questions: readonly Question[]): Promise<(MadeVector | undefined)[]> {
    const made = questions.map((question) => question.made);
    const encoders = questions.some(({ text }) => text !== undefined) ? await this.#loaded() : undefined;
    if (!encoders) return made;
    const byEncoder = new Map<Encoder, { at: number; text: string }[]>();
    for (const [at, { text }] of questions.entries()) {
      if (text === undefined) continue;
      const encoder = encoders.of(text);
      const some = byEncoder.get(encoder) ?? [];
      byEncoder.set(encoder, [...some, { at, text }]);
    }
    for (const [encoder, texts] of byEncoder) {
      const vectors = await encodeOrNot(
        encoder,
        texts.map(({ text }) => text),
      );
      for (const [nth, vector] of vectors.entries()) {
        const at = texts[nth]?.at;
        if (at !== undefined) made[at] = { space: encoder.space, vector };
      }
    }
    return made;
  }

  #loaded(): Promise<Encoders | undefined> {
    this.#encoders ??= openEncoders(this.#folder).catch((thrown: unknown) => {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      this.#say({ kind: 'said', level: 'error', text: `no vectors can be made of texts: ${reason}` });
      return undefined;
    });
    return this.#encoders;
  }

  /** Loaded when there are many vectors for the first time; until then, and where that fails, all are compared. */
  #makeGraph(dimensions: number): VectorIndex | undefined {
    if (!this.#isLoadingGraphs) {
      this.#isLoadingGraphs = true;
      void this.#loadGraphs();
    }
    return this.#graphs?.(dimensions);
  }

  async #loadGraphs(): Promise<void> {
    this.#graphs = await loadGraphs();
    if (this.#graphs) return;
    const text = 'usearch cannot be loaded here, so each search of the semantic cache compares with every entry';
    this.#say({ kind: 'said', level: 'warn', text });
  }
}

/** A text that an encoder fails on has no vector, and the index outlives it. */
async function encodeOrNot(encoder: Encoder, texts: readonly string[]): Promise<readonly Float32Array[]> {
  try {
    return await encoder.encode(texts);
  } catch {
    return [];
  }
}

/** Vectors of two spaces are never in one index. */
function placeOf(partition: string, space: string): string {
  return `${partition} ${space}`;
}

function serve(port: Port, start: ThreadStart): void {
  const thread = new EmbedThread(start, (message) => port.postMessage(message));
  port.on('message', (message: ToThread) => thread.take(message));
}

if (parentPort) serve(parentPort, workerData as ThreadStart);
