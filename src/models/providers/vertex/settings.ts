import { Type } from 'typebox';

import { BaseUrl, Secret, Text, section, typeWord } from '../../../config/fields.ts';
import { httpFields } from '../http-settings.ts';

export const VertexSettings = section({
  type: typeWord('vertex', { description: 'Google Vertex AI: Gemini and Claude.' }),
  ...httpFields,
  project: Type.Optional(
    Text({ description: "The Google Cloud project. Left out: the credentials' own.", examples: ['my-project'] }),
  ),
  location: Text({ description: 'The region, or `global`.', default: 'global', examples: ['us-central1'] }),
  credentialsFile: Type.Optional(
    Text({
      description:
        'A service account or workload identity file. Left out: what Google calls application default credentials.',
      examples: ['/etc/causeway/vertex.json'],
    }),
  ),
  accessToken: Type.Optional(
    Secret({
      description: 'A token of your own in place of credentials; it is not renewed.',
      examples: ['${VERTEX_TOKEN}'],
    }),
  ),
  baseUrl: Type.Optional(
    BaseUrl({
      description: "Replaces Google's own address.",
      examples: ['https://us-central1-aiplatform.googleapis.com'],
    }),
  ),
});
