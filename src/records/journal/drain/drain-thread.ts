import { parentPort, workerData } from 'node:worker_threads';

import { TraceConnection, isRefusal } from '../../traces/trace-store.ts';
import { forgetJournal, moveJournal, readPosition } from '../position-store.ts';
import { openSegment, removeSegment, setSegmentAside } from '../segment-file.ts';
import { type DrainPorts, JournalDrain } from './journal-drain.ts';
import type { DrainStart, FromDrain, ToDrain } from './messages.ts';

type Port = NonNullable<typeof parentPort>;

/** The thread that takes journals over into the database, on a connection of its own. */
function serve(port: Port, { connection, segments }: DrainStart): void {
  const database = new TraceConnection(connection);
  let wake: (() => void) | undefined;
  const ports: DrainPorts = {
    insert: (rows, move) => database.insert(rows, move),
    move: (move) => database.use((client) => moveJournal(client, move)),
    position: (journal) => database.use((client) => readPosition(client, journal)),
    forget: (journal) => database.use((client) => forgetJournal(client, journal)),
    isRefusal,
    open: openSegment,
    remove: removeSegment,
    setAside: setSegmentAside,
    report: (message: FromDrain) => port.postMessage(message),
    pause(ms) {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
  const drain = new JournalDrain(ports);

  async function close(): Promise<void> {
    const closed = drain.close();
    wake?.();
    await closed;
    await database.close();
    port.close();
  }

  port.on('message', (message: ToDrain) => {
    if (message.kind === 'segments') drain.update(message.segments);
    else if (message.kind === 'release') drain.release(message.folder);
    else void close();
  });
  drain.update(segments);
}

if (parentPort) serve(parentPort, workerData as DrainStart);
