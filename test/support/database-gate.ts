import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

import type { Database } from '../../src/storage/database/database.ts';

/** Stands between a client and the embedded database, so that a test can take the database away and give it back. */
export class DatabaseGate {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isOpen = true;

  private constructor(socketPath: string) {
    this.#server = createServer((client) => {
      this.#keep(client);
      if (!this.#isOpen) {
        client.destroy();
        return;
      }
      const upstream = this.#keep(connect(socketPath));
      client.pipe(upstream).pipe(client);
      client.once('close', () => upstream.destroy());
      upstream.once('close', () => client.destroy());
    });
  }

  static async before(database: Database): Promise<{ gate: DatabaseGate; connection: Database['connection'] }> {
    const { connection } = database;
    const gate = new DatabaseGate(`${connection.host}/.s.PGSQL.${connection.port}`);
    await new Promise<void>((listening) => gate.#server.listen(0, '127.0.0.1', listening));
    const { port } = gate.#server.address() as AddressInfo;
    return { gate, connection: { ...connection, host: '127.0.0.1', port } };
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
