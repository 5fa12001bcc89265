import { parentPort } from 'node:worker_threads';

import { type Encoding, type TextCounter, loadEncoding } from './encoding.ts';
import { splitText } from './split-text.ts';
import type { Counted, CountOrder } from './tokenizer.ts';

const loaded = new Map<Encoding, Promise<TextCounter>>();

function counterOf(encoding: Encoding): Promise<TextCounter> {
  let counter = loaded.get(encoding);
  if (!counter) loaded.set(encoding, (counter = loadEncoding(encoding)));
  return counter;
}

async function count({ id, encoding, texts }: CountOrder): Promise<Counted> {
  try {
    const counter = await counterOf(encoding);
    let tokens = 0;
    for (const text of texts) for (const piece of splitText(text)) tokens += counter.count(piece);
    return { id, tokens };
  } catch {
    return { id, tokens: undefined };
  }
}

/** The thread that tokenizes: its tables and its work are kept off the request thread. */
parentPort?.on('message', (order: CountOrder) => {
  void count(order).then((counted) => parentPort?.postMessage(counted, []));
});
