import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A larger piece is not copied to be written at once. */
const MOST_BYTES = 16 * 1024;

/**
 * Writes the pieces of a streamed body. Node writes each as four, at the end of the tick; from the second one on these
 * go to the socket at once and in one write, in the same coding.
 */
export class PieceWriter {
  readonly #response: ServerResponse;
  readonly #onRoom: () => void;
  #hasBegun = false;
  #isFull = false;

  /** @param onRoom called when there is room again, and may be called without need */
  constructor(response: ServerResponse, onRoom: () => void) {
    this.#response = response;
    this.#onRoom = onRoom;
  }

  /** Something that was written waits for the reader. */
  get isFull(): boolean {
    return this.#isFull || this.#response.writableNeedDrain;
  }

  /** False where the next one should wait for room. */
  write(piece: string | Uint8Array): boolean {
    const response = this.#response;
    const { socket } = response;
    // The head goes with the first one, and what a response holds itself goes before what follows.
    const isDirect = this.#hasBegun && response.chunkedEncoding && response.writableCorked === 0 && socket?.writable;
    if (!isDirect || piece.length > MOST_BYTES) {
      this.#hasBegun = true;
      return response.write(piece);
    }
    // An empty one would be the end.
    if (piece.length === 0 || writeChunk(socket, piece)) return true;
    if (!this.#isFull) {
      this.#isFull = true;
      socket.once('drain', () => {
        this.#isFull = false;
        this.#onRoom();
      });
    }
    return false;
  }
}

function writeChunk(socket: Socket, piece: string | Uint8Array): boolean {
  if (typeof piece === 'string') return socket.write(framed(piece, Buffer.byteLength(piece)));
  // A text needs no buffer, and so no memory outside of the heap: each of its characters is a byte.
  const { buffer, byteOffset, length } = piece;
  return socket.write(framed(Buffer.from(buffer, byteOffset, length).toString('latin1'), length), 'latin1');
}

function framed(text: string, bytes: number): string {
  return `${bytes.toString(16)}\r\n${text}\r\n`;
}
