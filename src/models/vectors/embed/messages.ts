import type { Near } from '../index/vector-index.ts';

/** A text to make a vector of, or a vector that was made elsewhere; with a partition also what is nearest to it. */
export interface Question {
  readonly text?: string | undefined;
  readonly made?: MadeVector | undefined;
  readonly partition?: string | undefined;
  /** How many of the nearest are wanted. */
  readonly most?: number | undefined;
}

export interface MadeVector {
  /** Of the encoder; only vectors of one space are compared. */
  readonly space: string;
  readonly vector: Float32Array;
}

export interface Found extends MadeVector {
  /** The most similar first. */
  readonly near: readonly Near[];
}

/** Makes vectors, and finds those that are near. */
export interface VectorDesk {
  /**
   * @param isUrgent a request waits for it
   * @returns undefined where it cannot be said, or not soon
   */
  ask(question: Question, isUrgent: boolean): Promise<Found | undefined>;
  add(partition: string, entry: string, made: MadeVector): void;
  remove(entries: readonly string[]): void;
}

/** What the thread is told. */
export type ToThread =
  | { readonly kind: 'ask'; readonly id: number; readonly questions: readonly Question[] }
  | { readonly kind: 'add'; readonly partition: string; readonly entry: string; readonly made: MadeVector }
  | { readonly kind: 'remove'; readonly entries: readonly string[] };

/** What it says. `said` is for the log. */
export type FromThread =
  | { readonly kind: 'found'; readonly id: number; readonly found: readonly (Found | undefined)[] }
  | { readonly kind: 'said'; readonly level: 'warn' | 'error'; readonly text: string };

export interface ThreadStart {
  /** Of an ONNX model; the shipped encoders where absent. */
  readonly folder: string | undefined;
}
