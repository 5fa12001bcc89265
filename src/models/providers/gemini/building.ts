import type { TranslationNote } from '../../../core/inference/request.ts';
import type { Translation } from '../../../core/inference/translation.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { ModelTraits } from './model-traits.ts';

/** How a server of this protocol differs from Google's own Gemini API. */
export interface GeminiFlavour {
  /** Calls and results may have ids. */
  readonly callIds: boolean;
  /** The body says by which service tier it is to be served. */
  readonly serviceTier: boolean;
  /** Penalties are taken by models of 2.5 as well. */
  readonly penaltiesBefore3: boolean;
}

/** By the call's id; undefined where none is remembered. */
export type Recall = (callId: string) => string | undefined;

/** What the parts of one body share while it is built. */
export interface Building {
  readonly translation: Translation;
  readonly traits: ModelTraits;
  readonly capabilities: Capabilities | undefined;
  readonly flavour: GeminiFlavour;
  /** The signature of a call that its client did not send back. */
  readonly recall: Recall;
  /** What had to be moved that no feature stands for. */
  readonly notes: TranslationNote[];
}
