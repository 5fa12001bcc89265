import { Type } from 'typebox';

import { BaseUrl, section, typeWord } from '../../../config/fields.ts';
import { httpFields } from '../http-settings.ts';

export const GeminiSettings = section({
  type: typeWord('gemini', { description: "Google's Gemini API (AI Studio)." }),
  ...httpFields,
  baseUrl: Type.Optional(
    BaseUrl({ description: "Replaces Google's own address.", examples: ['https://generativelanguage.googleapis.com'] }),
  ),
});
