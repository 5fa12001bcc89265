import type { ScannerSettings, WordLists } from './scanning.ts';

/** A text, and the guard that is to look at it. */
export interface ScanRequest {
  /** The guard's name, a key of what `buildScanners` makes. */
  readonly guard: string;
  readonly text: string;
}

export type ToScanThread =
  | {
      /** A policy that scans will be asked of, once for each version. */
      readonly kind: 'policy';
      readonly version: string;
      readonly settings: ScannerSettings;
      readonly words: WordLists;
    }
  /** All policies so far are forgotten. */
  | { readonly kind: 'forget' }
  | { readonly kind: 'scan'; readonly id: number; readonly version: string; readonly asked: readonly ScanRequest[] }
  /** The texts of the last scan for other guards, one for each text: long texts are sent once. */
  | { readonly kind: 'scan-same'; readonly id: number; readonly version: string; readonly guards: readonly string[] };

export type FromScanThread =
  | { readonly kind: 'ready' }
  /** The policy can be asked of, or says why not where it is. */
  | { readonly kind: 'built'; readonly version: string }
  | { readonly kind: 'scanned'; readonly id: number; readonly scans: PackedScans }
  /** The reason is for operators, and has no text of a client. */
  | { readonly kind: 'failed'; readonly id: number; readonly guard: string | undefined; readonly reason: string };

/**
 * Scans, as they go from one thread to another: a text may have a hundred thousand findings, and as many objects would
 * be copied one by one.
 */
export interface PackedScans {
  readonly categories: readonly string[];
  /** Of each text. */
  readonly scores: Float64Array<ArrayBuffer>;
  /** How many findings each text has. */
  readonly counts: Uint32Array<ArrayBuffer>;
  /** Of each finding its start, its end, its category's place and its score. */
  readonly findings: Float64Array<ArrayBuffer>;
}
