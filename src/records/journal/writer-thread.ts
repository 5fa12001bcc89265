import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

import { TraceConnection, isRefusal } from '../traces/trace-store.ts';
import { ChunkDrain } from './chunk-drain.ts';
import type { FromWriter, ToWriter, WriterStart } from './writer-messages.ts';

/** The thread that turns chunks into rows, on a database connection of its own. */
function serve(port: NonNullable<typeof parentPort>, { connection }: WriterStart): void {
  const database = new TraceConnection(connection);
  const tell = (message: FromWriter): void => port.postMessage(message);
  const drain = new ChunkDrain({
    insert: (rows) => database.insert(rows),
    isRefusal,
    report: tell,
    spent(chunks) {
      const memory = chunks.map(({ bytes }) => bytes.buffer);
      port.postMessage({ kind: 'spent', memory } satisfies FromWriter, memory);
    },
    pause: (ms) => delay(ms),
  });

  async function close(): Promise<void> {
    await drain.idle();
    await database.close();
    port.close();
  }

  port.on('message', (message: ToWriter) => {
    if (message.kind === 'chunk') drain.push(message.chunk);
    else void close();
  });
}

if (parentPort) serve(parentPort, workerData as WriterStart);
