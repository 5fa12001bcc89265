/** One frame of a stream where it stands in the batch's bytes; `data` is undefined where it carries nothing. */
export interface PlacedFrame {
  readonly start: number;
  readonly end: number;
  readonly event: string | undefined;
  readonly data: string | undefined;
}

export interface FrameBatch {
  /** Exactly the frames' bytes, one after the other. */
  readonly bytes: Buffer;
  readonly frames: readonly PlacedFrame[];
}

/** Cuts a stream's bytes into whole frames, whatever the reads were. */
export interface FrameSplitter {
  /** @throws provider_bad_response */
  push(chunk: Buffer): FrameBatch;
  /** What is left when the bytes have ended. @throws provider_bad_response */
  flush(): FrameBatch;
}
