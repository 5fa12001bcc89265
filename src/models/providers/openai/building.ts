import type { Feature } from '../../../core/inference/features.ts';
import type { InferenceRequest, TranslationNote } from '../../../core/inference/request.ts';
import { Translation, refusedField } from '../../../core/inference/translation.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { Quirks } from './quirks.ts';
import { OPENAI_TRANSLATION } from './translation-table.ts';

const UNTAKEN = 'is left out: the model, or its provider, does not take it';

/** One request that is being built: what is asked, of which model on which server, and what was lost on the way. */
export class Building {
  readonly translation: Translation;
  readonly quirks: Quirks;
  readonly capabilities: Capabilities | undefined;
  readonly #untaken = new Map<Feature, TranslationNote>();
  readonly #changes = new Map<string, TranslationNote>();

  constructor(request: InferenceRequest, capabilities: Capabilities | undefined, quirks: Quirks) {
    this.translation = new Translation(request, OPENAI_TRANSLATION);
    this.capabilities = capabilities;
    this.quirks = quirks;
  }

  get request(): InferenceRequest {
    return this.translation.request;
  }

  get notes(): readonly TranslationNote[] {
    return [...this.translation.notes, ...this.#untaken.values(), ...this.#changes.values()];
  }

  takes(feature: Feature): boolean {
    return !this.quirks.untaken.includes(feature);
  }

  /** Says whether the server is known not to take this option, and notes it where the request uses it. */
  loseUntaken(feature: Feature): boolean {
    if (this.takes(feature)) return false;
    this.note(feature, UNTAKEN);
    return true;
  }

  /** A loss that is this server's and not the protocol's. */
  note(feature: Feature, says: string): void {
    this.#untaken.set(feature, { field: this.#field(feature), says });
  }

  /** What was changed in the conversation as a whole, for a server that takes it only so. */
  noteMessages(says: string): void {
    this.#changes.set(says, { field: 'messages', says });
  }

  /** What this server cannot serve as asked. */
  refused(feature: Feature, says: string): Error {
    return refusedField(this.#field(feature), says);
  }

  #field(feature: Feature): string {
    return this.request.fields[feature] ?? feature;
  }
}
