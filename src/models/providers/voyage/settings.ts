import { Type } from 'typebox';

import { BaseUrl, section, typeWord } from '../../../config/fields.ts';
import { httpFields } from '../http-settings.ts';

export const VoyageSettings = section({
  type: typeWord('voyage', { description: 'Voyage AI: embeddings, rerank.' }),
  ...httpFields,
  baseUrl: Type.Optional(
    BaseUrl({ description: "Replaces Voyage's own address.", examples: ['https://api.voyageai.com/v1'] }),
  ),
});
