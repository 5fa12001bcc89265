import { Type } from 'typebox';

import { BaseUrl, Flag, Secret, Text, named, section, typeWord } from '../../../config/fields.ts';
import { httpFields } from '../http-settings.ts';

export const AzureOpenAiSettings = section({
  type: typeWord('azure-openai', { description: 'Azure OpenAI and Azure AI Foundry.' }),
  ...httpFields,
  baseUrl: BaseUrl({
    description: "The resource's address, with or without /openai/v1.",
    examples: ['https://my-resource.openai.azure.com'],
  }),
  apiVersion: Type.Optional(
    Text({
      description: 'The api-version of the older paths, one for each deployment. Left out: the newer /openai/v1.',
      examples: ['2024-10-21'],
    }),
  ),
  deployments: named(Text({ description: "The deployment's name." }), {
    description: 'Model name → deployment, where they differ.',
    names: /^\S+$/,
    namesAre: 'model names without spaces, e.g. gpt-5-mini',
  }),
  entra: Flag({
    description:
      'Sign in with Microsoft Entra ID (environment, workload or managed identity, Azure CLI) in place of a key.',
    default: false,
  }),
  entraToken: Type.Optional(
    Secret({
      description: 'An Entra token of your own in place of a key; it is not renewed.',
      examples: ['${AZURE_TOKEN}'],
    }),
  ),
});
