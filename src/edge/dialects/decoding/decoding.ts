import type { Feature } from '../../../core/inference/features.ts';
import type { TranslationNote } from '../../../core/inference/request.ts';

/** What one decoding finds out besides the request itself: which features stand where, and what could not be kept. */
export class Decoding {
  readonly fields: Partial<Record<Feature, string>> = {};
  readonly #notes = new Map<string, TranslationNote>();

  get notes(): readonly TranslationNote[] {
    return [...this.#notes.values()];
  }

  /** The first place counts. */
  uses(feature: Feature, field: string): void {
    this.fields[feature] ??= field;
  }

  /** The same loss in many places of a list is said once, of the first. */
  note(field: string, says: string): void {
    const key = `${field.replaceAll(/\[\d+\]/g, '[]')} ${says}`;
    if (!this.#notes.has(key)) this.#notes.set(key, { field, says });
  }
}
