import { BATCH_AT_HALF, listed } from './listed.ts';

/**
 * OpenAI's models for speech, transcription and images, and those for plain completions. Images of DALL·E are billed by
 * their size and quality, which no answer says: their cost is unknown.
 */
export const OPENAI_MEDIA_PRICES = listed('openai', {
  'https://developers.openai.com/api/docs/pricing': [
    { model: 'whisper-1', input: 0, output: 0, fees: { audioMinute: 6 } },
    { model: 'gpt-transcribe', input: 0, output: 0, fees: { audioMinute: 4.5 } },
    { model: 'gpt-4o-transcribe', input: 2.5, output: 10, audioInput: 2.5 },
    { model: 'gpt-4o-transcribe-diarize', input: 2.5, output: 10, audioInput: 2.5 },
    { model: 'gpt-4o-mini-transcribe', input: 1.25, output: 5, audioInput: 1.25 },
    { model: 'tts-1', input: 0, output: 0, fees: { character: 0.015 } },
    { model: 'tts-1-hd', input: 0, output: 0, fees: { character: 0.03 } },
    { model: 'gpt-4o-mini-tts', input: 0.6, output: 10, audioOutput: 12 },
    { model: 'gpt-image-1', input: 5, cacheRead: 1.25, imageInput: 10, output: 40, imageOutput: 40 },
    { model: 'gpt-image-1-mini', input: 2, cacheRead: 0.2, imageInput: 2.5, output: 8, imageOutput: 8 },
    { model: 'gpt-image-1.5', input: 5, cacheRead: 1.25, imageInput: 8, output: 10, imageOutput: 32 },
    { model: 'gpt-image-2', input: 5, cacheRead: 1.25, imageInput: 8, output: 30, imageOutput: 30 },
    { model: 'gpt-3.5-turbo-instruct', input: 1.5, output: 2 },
    { model: 'davinci-002', input: 2, output: 2, variants: [BATCH_AT_HALF] },
    { model: 'babbage-002', input: 0.4, output: 0.4, variants: [BATCH_AT_HALF] },
  ],
});
