import { Type } from 'typebox';

import { BaseUrl, Secret, Text, section, typeWord } from '../../../config/fields.ts';
import { httpFields } from '../http-settings.ts';

export const BedrockSettings = section({
  type: typeWord('bedrock', { description: 'Amazon Bedrock, over its Converse API. `apiKey` is a Bedrock API key.' }),
  ...httpFields,
  region: Type.Optional(Text({ description: 'The AWS region. Left out: AWS_REGION.', examples: ['us-east-1'] })),
  accessKeyId: Type.Optional(Text({ description: 'An AWS access key. Left out: what the AWS SDK would find.' })),
  secretAccessKey: Type.Optional(Secret({ description: "The access key's secret." })),
  sessionToken: Type.Optional(Secret({ description: 'The session token of temporary credentials.' })),
  profile: Type.Optional(Text({ description: 'A profile of the AWS configuration files.', examples: ['production'] })),
  baseUrl: Type.Optional(
    BaseUrl({
      description: "Replaces Amazon's own address.",
      examples: ['https://bedrock-runtime.us-east-1.amazonaws.com'],
    }),
  ),
});
