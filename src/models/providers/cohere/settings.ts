import { Type } from 'typebox';

import { BaseUrl, section, typeWord } from '../../../config/fields.ts';
import { httpFields } from '../http-settings.ts';

export const CohereSettings = section({
  type: typeWord('cohere', { description: 'Cohere: chat, embeddings, rerank.' }),
  ...httpFields,
  baseUrl: Type.Optional(
    BaseUrl({ description: "Replaces Cohere's own address.", examples: ['https://api.cohere.com'] }),
  ),
});
