import type { TextDigests } from '../../../core/text-digests.ts';
import type { ScannerSettings, WordLists } from './scanning.ts';

/** A text, and the guard that is to look at it. */
export interface ScanRequest {
  /** The guard's name, a key of what `buildScanners` makes. */
  readonly guard: string;
  readonly text: string;
  /** Where its digest goes, if one is wanted and the text is read by a thread. */
  readonly digests?: TextDigests | undefined;
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
  /** Several are often asked of the same texts, which are sent once. */
  | {
      readonly kind: 'scan';
      readonly texts: readonly string[];
      readonly askers: readonly Asker[];
      /** Places of the texts whose digests are wanted. */
      readonly digested: readonly number[];
    };

/** Whose scanners look at the texts of a message. */
export interface Asker {
  readonly version: string;
  /** One for each text. */
  readonly guards: readonly string[];
}

export type FromScanThread =
  | { readonly kind: 'ready' }
  /** The policy can be asked of, or says why not where it is. */
  | { readonly kind: 'built'; readonly version: string }
  /** To each asker, in their order. */
  | { readonly kind: 'scanned'; readonly answers: readonly ScanAnswer[]; readonly digests: readonly TextDigest[] };

/** Of the text at a place. */
export interface TextDigest {
  readonly at: number;
  readonly digest: string;
}

export type ScanAnswer =
  /** In none of so many texts is anything. */
  | { readonly kind: 'clean'; readonly texts: number }
  | { readonly kind: 'found'; readonly scans: PackedScans }
  /** The reason is for operators, and has no text of a client. */
  | { readonly kind: 'failed'; readonly guard: string | undefined; readonly reason: string };

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
