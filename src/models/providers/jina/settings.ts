import { Type } from 'typebox';

import { BaseUrl, section, typeWord } from '../../../config/fields.ts';
import { httpFields } from '../http-settings.ts';

export const JinaSettings = section({
  type: typeWord('jina', { description: 'Jina AI: embeddings, rerank.' }),
  ...httpFields,
  baseUrl: Type.Optional(
    BaseUrl({ description: "Replaces Jina's own address.", examples: ['https://api.jina.ai/v1'] }),
  ),
});
