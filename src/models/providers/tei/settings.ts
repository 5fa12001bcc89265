import { Type } from 'typebox';

import { BaseUrl, section, typeWord } from '../../../config/fields.ts';
import { ServerReadinessSettings } from '../../readiness/settings.ts';
import { httpFields } from '../http-settings.ts';

export const TeiSettings = section({
  type: typeWord('tei', { description: "Hugging Face's Text Embeddings Inference: embeddings, rerank." }),
  ...httpFields,
  baseUrl: BaseUrl({ description: 'Where the server is.', examples: ['http://127.0.0.1:8080'] }),
  readiness: Type.Optional(ServerReadinessSettings),
});
