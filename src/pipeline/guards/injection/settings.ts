import { type Static, Type } from 'typebox';

import { Flag, section } from '../../../config/fields.ts';
import { guardFields, threshold } from '../actions.ts';

export const InjectionSettings = section(
  {
    ...guardFields({ actions: ['off', 'flag', 'block', 'review'], input: 'block', output: 'off' }),
    threshold: threshold(0.5, 'From which score on a text counts as an attack.'),
    mark: Flag({
      description:
        'Put what tools and searches brought between marks that it cannot forge, and tell the model that what is between them is data.',
      default: false,
    }),
    canary: Flag({
      description:
        'Put a secret word into system prompts. An answer that has it has leaked the prompt, and is treated as `output` says, or blocked where that is off.',
      default: false,
    }),
  },
  {
    description:
      'Prompt injection and jailbreaks in English and Chinese, by weighted signs, also in encoded and disguised texts. Looked at are texts of users, of tools and of documents, not system prompts or earlier answers.',
  },
);
export type InjectionSettings = Static<typeof InjectionSettings>;
export const injectionField = { injection: Type.Optional(InjectionSettings) };
