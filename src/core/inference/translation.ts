import { GatewayError } from '../errors.ts';
import type { Feature } from './features.ts';
import type { InferenceRequest, TranslationNote } from './request.ts';

/**
 * `carried`: the other side has the same. `mapped`: it has an equal in another form.
 * `approximated`: it has something near, or nothing and the answer is still one to the question; a warning says so.
 * `refused`: the answer would not be what was asked for, so the request is refused before any call.
 */
export type Treatment = 'carried' | 'mapped' | 'approximated' | 'refused';

export interface TreatmentRow {
  readonly treatment: Treatment;
  /**
   * For documents: what becomes of it. Of an approximation it is the warning too, and of a refusal the message, each
   * behind the field's name: "is left out: Anthropic has no such option".
   */
  readonly says: string;
}

/** Rows of such a table. */
export const carried = (says: string): TreatmentRow => ({ treatment: 'carried', says });
export const mapped = (says: string): TreatmentRow => ({ treatment: 'mapped', says });
export const approximated = (says: string): TreatmentRow => ({ treatment: 'approximated', says });
export const refused = (says: string): TreatmentRow => ({ treatment: 'refused', says });

/** What a protocol makes of every feature. */
export type TranslationTable = Readonly<Record<Feature, TreatmentRow>>;

/** Collects what one translation could not keep, by the words of its protocol's table. */
export class Translation {
  readonly request: InferenceRequest;
  readonly #table: TranslationTable;
  readonly #noted = new Map<Feature, TranslationNote>();

  constructor(request: InferenceRequest, table: TranslationTable) {
    this.request = request;
    this.#table = table;
  }

  /** What decoding could not keep, and then what this protocol cannot. */
  get notes(): readonly TranslationNote[] {
    return [...this.request.notes, ...this.#noted.values()];
  }

  /**
   * The request uses something that the protocol cannot say as it is.
   * @throws capability_unsupported where its table refuses it
   */
  lose(feature: Feature, says?: string): void {
    const row = this.#table[feature];
    const field = this.request.fields[feature] ?? feature;
    if (row.treatment === 'refused') throw refusedField(field, says ?? row.says);
    if (row.treatment !== 'approximated') throw new Error(`the table says that ${feature} is ${row.treatment}`);
    if (!this.#noted.has(feature)) this.#noted.set(feature, { field, says: says ?? row.says });
  }
}

/** A request that its target cannot serve as asked. */
export function refusedField(field: string, says: string): GatewayError {
  return new GatewayError('capability_unsupported', { message: `\`${field}\` ${says}.`, param: field });
}

/** How a note reads in `x-causeway-warnings`. */
export function warningText({ field, says }: TranslationNote): string {
  return `${field} ${says}`;
}
