import type { TranslationNote } from '../../../core/inference/request.ts';
import type { Translation } from '../../../core/inference/translation.ts';
import { ToolCallIds } from '../anthropic/tool-names.ts';
import { CachePoints } from './cache-points.ts';
import { DocumentNames } from './document-names.ts';
import type { ModelTraits } from './model-traits.ts';

/** What the parts of one body share while it is built. */
export class Building {
  readonly translation: Translation;
  readonly traits: ModelTraits;
  readonly cachePoints: CachePoints;
  readonly documentNames: DocumentNames;
  readonly callIds = new ToolCallIds();
  /** What had to be added or moved that no feature stands for. */
  readonly notes: TranslationNote[] = [];

  constructor(translation: Translation, traits: ModelTraits) {
    this.translation = translation;
    this.traits = traits;
    this.cachePoints = new CachePoints(translation, traits.maker);
    this.documentNames = new DocumentNames(translation);
  }
}
