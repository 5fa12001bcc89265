import { chmodSync } from 'node:fs';
import { type Server, type Socket, createServer } from 'node:net';

import { type Frame, FrameReader } from './wire-frames.ts';
import { SessionTurns } from './session-turns.ts';

/** The one session of an embedded engine. */
export interface Session {
  /** Sends whole protocol messages and hands out the answer; a piece is valid only during the call. */
  exchange(messages: Uint8Array, answer: (piece: Uint8Array) => void): Promise<void>;
  readonly inTransaction: boolean;
}

export interface SessionServerOptions {
  readonly session: Session;
  readonly maxConnections: number;
  readonly patienceMs: number;
  /** Called where the session failed in a way that SQL has no word for; the process should not go on. */
  readonly failed: (error: unknown) => void;
}

/** Messages after which a client waits for the answer: Query, Sync, Flush. */
const UNIT_ENDS = new Set(['Q', 'S', 'H']);
const TERMINATE = 'X';
const MAX_UNIT_BYTES = 128 * 1024 * 1024;

const NO_ENCRYPTION = Buffer.from('N');
const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);
const ROLLBACK = Buffer.from('Q\0\0\0\rROLLBACK\0', 'latin1');

/**
 * Serves many socket connections from one session.
 *
 * The session is lent by unit, all messages up to the one that asks for an answer, and by transaction. Interleaving
 * single messages would let one connection's Bind meet another's Parse, since both use the unnamed statement.
 */
export class SessionServer {
  readonly #session: Session;
  readonly #turns: SessionTurns;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor({ session, maxConnections, patienceMs, failed }: SessionServerOptions) {
    this.#session = session;
    this.#turns = new SessionTurns({
      patienceMs,
      evict: (owner) => [...this.#sockets].find((socket) => socket === owner)?.destroy(),
      failed,
    });
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
    this.#server.maxConnections = maxConnections;
  }

  /** Listens on a unix socket that only this user can open. */
  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, () => {
        chmodSync(path, 0o600);
        resolve();
      });
    });
  }

  /** Waits for its turn outside any transaction, then has the session for itself. */
  exclusively(work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#turns.take({}, async () => {
        await work().then(resolve, reject);
        return false;
      });
    });
  }

  /** Cuts all connections, and resolves when the session has come to rest. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    await this.exclusively(() => Promise.resolve());
  }

  #serve(socket: Socket): void {
    const connection = new Connection(socket, this.#session, this.#turns);
    this.#sockets.add(socket);
    socket.on('data', (chunk) => connection.read(chunk as Buffer));
    // A reset is how a killed client ends; 'close' follows.
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#sockets.delete(socket);
      connection.leave();
    });
  }
}

/** One client: its frames become turns of the session, and it reads no further while one of them is open. */
class Connection {
  readonly #socket: Socket;
  readonly #session: Session;
  readonly #turns: SessionTurns;
  readonly #frames = new FrameReader();
  #unit: Buffer[] = [];
  #unitBytes = 0;
  #openTurns = 0;
  /** A Flush was answered and its Sync has not come: the extended query is still the client's. */
  #midQuery = false;

  constructor(socket: Socket, session: Session, turns: SessionTurns) {
    this.#socket = socket;
    this.#session = session;
    this.#turns = turns;
  }

  read(chunk: Buffer): void {
    try {
      for (const frame of this.#frames.push(chunk)) this.#take(frame);
    } catch (error) {
      this.#socket.destroy(error as Error);
    }
  }

  leave(): void {
    this.#turns.leave(this.#socket, async () => {
      if (this.#midQuery) await this.#session.exchange(SYNC, () => {});
      if (this.#session.inTransaction) await this.#session.exchange(ROLLBACK, () => {});
    });
  }

  #take({ kind, type, bytes }: Frame): void {
    if (kind === 'encryption') {
      this.#socket.write(NO_ENCRYPTION);
    } else if (kind === 'cancel' || type === TERMINATE) {
      // There is no backend that could be signalled, and the session outlives its clients.
      this.#socket.end();
    } else {
      this.#unit.push(bytes);
      this.#unitBytes += bytes.length;
      if (this.#unitBytes > MAX_UNIT_BYTES) throw new RangeError(`${this.#unitBytes} bytes without a Sync`);
      if (kind === 'startup' || UNIT_ENDS.has(type)) this.#askForTurn(type === 'H');
    }
  }

  #askForTurn(midQuery: boolean): void {
    const messages = Buffer.concat(this.#unit);
    this.#unit = [];
    this.#unitBytes = 0;
    this.#openTurns += 1;
    this.#socket.pause();
    this.#turns.take(this.#socket, async () => {
      this.#socket.cork();
      // The piece lies in the engine's memory, which the next call writes over.
      await this.#session.exchange(messages, (piece) => this.#socket.write(Buffer.from(piece)));
      this.#socket.uncork();
      this.#midQuery = midQuery;
      this.#openTurns -= 1;
      this.#readOn();
      return midQuery || this.#session.inTransaction;
    });
  }

  #readOn(): void {
    if (this.#openTurns > 0) return;
    if (this.#socket.writableNeedDrain) this.#socket.once('drain', () => this.#socket.resume());
    else this.#socket.resume();
  }
}
