import { type Server, type Socket, type TcpNetConnectOpts, connect, createServer } from 'node:net';
import type { AddressInfo, IpcNetConnectOpts } from 'node:net';

import type { Database } from '../../src/storage/database/database.ts';

/** Stands between a client and the database, so that a test can take the database away and give it back. */
export class DatabaseGate {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isOpen = true;

  private constructor(target: TcpNetConnectOpts | IpcNetConnectOpts) {
    this.#server = createServer((client) => {
      this.#keep(client);
      if (!this.#isOpen) {
        client.destroy();
        return;
      }
      const upstream = this.#keep(connect(target));
      client.pipe(upstream).pipe(client);
      client.once('close', () => upstream.destroy());
      upstream.once('close', () => client.destroy());
    });
  }

  static async before(database: Database): Promise<{ gate: DatabaseGate; connection: Database['connection'] }> {
    const { connection } = database;
    const url = connection.connectionString === undefined ? undefined : new URL(connection.connectionString);
    const target = url
      ? { host: url.hostname, port: Number(url.port || 5432) }
      : { path: `${connection.host}/.s.PGSQL.${connection.port}` };
    const gate = new DatabaseGate(target);
    await new Promise<void>((listening) => gate.#server.listen(0, '127.0.0.1', listening));
    const { port } = gate.#server.address() as AddressInfo;
    if (!url) return { gate, connection: { ...connection, host: '127.0.0.1', port } };
    url.hostname = '127.0.0.1';
    url.port = String(port);
    return { gate, connection: { ...connection, connectionString: url.href } };
  }

  /** Cuts what is connected, and every new connection. */
  shut(): void {
    this.#isOpen = false;
    this.cut();
  }

  open(): void {
    this.#isOpen = true;
  }

  /** Cuts what is connected; new connections go through. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((closed) => this.#server.close(closed));
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    return socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
  }
}
