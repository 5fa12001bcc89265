import { PRIORITY_OF_GOOGLE } from './clouds.ts';
import { BATCH_AT_HALF, alike, listed } from './listed.ts';

/** Google's Gemini API: images, speech, transcripts and robots. */
export const GEMINI_MEDIA_PRICES = listed('gemini', {
  'https://ai.google.dev/gemini-api/docs/pricing': [
    {
      model: 'gemini-3.8-flash-lite-tts',
      input: 0.5,
      cacheRead: 0.125,
      output: 6,
      variants: [PRIORITY_OF_GOOGLE, BATCH_AT_HALF],
    },
    {
      model: 'gemini-3.8-flash-tts',
      input: 0.5,
      cacheRead: 0.125,
      output: 9,
      variants: [PRIORITY_OF_GOOGLE, BATCH_AT_HALF],
    },
    { model: 'gemini-3.5-transcribe', input: 2, output: 12 },
    {
      model: 'gemini-3.1-flash-image',
      input: 0.5,
      output: 3,
      imageOutput: 60,
      fees: { webSearch: 14 },
      variants: [BATCH_AT_HALF],
    },
    { model: 'gemini-3.1-flash-lite-image', input: 0.25, output: 1.5, imageOutput: 30, variants: [BATCH_AT_HALF] },
    ...alike(['gemini-3.1-flash-tts-preview', 'gemini-2.5-pro-preview-tts'], {
      input: 1,
      output: 20,
      variants: [BATCH_AT_HALF],
    }),
    {
      model: 'gemini-3-pro-image',
      input: 2,
      output: 12,
      imageOutput: 120,
      fees: { webSearch: 14 },
      variants: [BATCH_AT_HALF],
    },
    {
      model: 'gemini-2.5-flash-image',
      input: 0.3,
      cacheRead: 0.03,
      output: 2.5,
      imageOutput: 30,
      fees: { webSearch: 35 },
    },
    { model: 'gemini-2.5-flash-preview-tts', input: 0.5, output: 10, variants: [BATCH_AT_HALF] },
    {
      model: 'gemini-nano-banana-2.1',
      input: 1.5,
      output: 7.5,
      imageOutput: 30,
      fees: { webSearch: 14 },
      variants: [BATCH_AT_HALF],
    },
    {
      model: 'gemini-robotics-er-2-preview',
      input: 1,
      cacheRead: 0.1,
      output: 5,
      fees: { webSearch: 14 },
      variants: [BATCH_AT_HALF],
    },
  ],
});
