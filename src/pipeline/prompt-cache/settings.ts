import { type Static, Type } from 'typebox';

import { Flag, choice, section } from '../../config/fields.ts';

const PromptCacheSettings = section(
  {
    breakpoints: Flag({
      description:
        'Marks where a long prompt may be cached (tools, system, history) for providers that want marks, unless the client set its own. Where what is written is not read again, it stops by itself.',
      default: true,
    }),
    ttl: choice(['5m', '1h'], { description: 'For how long the provider is asked to keep it.', default: '5m' }),
    sticky: Flag({
      description:
        "Requests with the same long prefix name it to the provider (OpenAI's prompt_cache_key) and go with the same one of several keys, until that is used more than its share.",
      default: true,
    }),
  },
  { description: "What is done so that the provider's own prompt cache is used. On where left out." },
);

export type PromptCacheSettings = Static<typeof PromptCacheSettings>;

/** What a virtual model, or all of them, may say of the provider's prompt cache. */
export const promptCacheFields = { promptCache: Type.Optional(PromptCacheSettings) };
