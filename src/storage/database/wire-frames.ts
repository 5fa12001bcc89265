/**
 * Cuts what a PostgreSQL client sends into protocol messages.
 *
 * @see https://www.postgresql.org/docs/18/protocol-message-formats.html (checked 2026-11-21)
 */
type FrameKind = 'startup' | 'encryption' | 'cancel' | 'message';

export interface Frame {
  readonly kind: FrameKind;
  /** The type byte of a `message`, as a letter; empty for the others, which have none. */
  readonly type: string;
  readonly bytes: Buffer;
}

const STARTUP_HEADER = 8;
const MESSAGE_HEADER = 5;
const CANCEL_REQUEST = 80877102;
const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const PROTOCOL_MAJOR = 3;

/** Larger than any statement of ours; what claims more is not a client of ours. */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024;

function greetingKind(code: number): FrameKind {
  if (code === SSL_REQUEST || code === GSS_REQUEST) return 'encryption';
  if (code === CANCEL_REQUEST) return 'cancel';
  if (code >>> 16 !== PROTOCOL_MAJOR) throw new RangeError(`a greeting of no known protocol: ${code}`);
  return 'startup';
}

/** One connection's side of the framing: any split of the bytes gives the same frames. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #size = 0;
  #needed = STARTUP_HEADER;
  #started = false;

  /** @throws RangeError where this is not the protocol, or a length is absurd; the connection is lost then */
  push(chunk: Buffer): Frame[] {
    this.#pieces.push(chunk);
    this.#size += chunk.length;
    // Joining only when a frame can be complete keeps a large message linear.
    if (this.#size < this.#needed) return [];
    let rest = Buffer.concat(this.#pieces);
    const frames: Frame[] = [];
    for (let size = this.#frameSize(rest); rest.length >= size; size = this.#frameSize(rest)) {
      frames.push(this.#cut(rest.subarray(0, size)));
      rest = rest.subarray(size);
    }
    this.#pieces = [rest];
    this.#size = rest.length;
    this.#needed = this.#frameSize(rest);
    return frames;
  }

  /** Bytes of the frame that begins here, or of its header while that is not complete. */
  #frameSize(bytes: Buffer): number {
    const header = this.#started ? MESSAGE_HEADER : STARTUP_HEADER;
    if (bytes.length < header) return header;
    const size = this.#started ? 1 + bytes.readUInt32BE(1) : bytes.readUInt32BE(0);
    if (size < header || size > MAX_FRAME_BYTES) throw new RangeError(`a protocol message of ${size} bytes`);
    return size;
  }

  #cut(bytes: Buffer): Frame {
    if (this.#started) return { kind: 'message', type: String.fromCharCode(bytes.readUInt8(0)), bytes };
    const kind = greetingKind(bytes.readUInt32BE(4));
    this.#started = kind === 'startup';
    return { kind, type: '', bytes };
  }
}
