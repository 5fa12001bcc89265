import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import type { TestContext } from 'node:test';

/** One connection of a server that says byte for byte what the test tells it to. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that came so far. */
  received(): string;
  /** Resolves once a whole request head has come. */
  readonly request: Promise<string>;
  readonly closed: Promise<void>;
}

export interface RawUpstream {
  readonly origin: string;
  readonly port: number;
  readonly server: Server;
  /** The next connection that was not asked for yet. */
  next(): Promise<RawConnection>;
  readonly connections: readonly RawConnection[];
}

/** A TCP server on a free port, gone at the end of the test. */
export async function startRawUpstream(t: TestContext): Promise<RawUpstream> {
  const connections: RawConnection[] = [];
  const waiting: ((connection: RawConnection) => void)[] = [];
  let asked = 0;
  const server = createServer((socket) => {
    const connection = observe(socket);
    connections.push(connection);
    waiting.shift()?.(connection);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const { socket } of connections) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    server,
    connections,
    next() {
      const ready = connections[asked];
      asked += 1;
      return ready ? Promise.resolve(ready) : new Promise((resolve) => void waiting.push(resolve));
    },
  };
}

function observe(socket: Socket): RawConnection {
  let text = '';
  const request = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<void>();
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    if (text.includes('\r\n\r\n')) request.resolve(text);
  });
  // A reset is one of the ways in which a connection ends here.
  socket.on('error', () => {});
  socket.once('close', () => closed.resolve());
  return { socket, received: () => text, request: request.promise, closed: closed.promise };
}
