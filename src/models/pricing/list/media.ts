import { listed } from './listed.ts';

/** Speech, transcription and images of providers other than OpenAI. */
export const MEDIA_PRICES = [
  ...listed('groq', {
    'https://console.groq.com/docs/model/canopylabs/orpheus-v1-english': [
      { model: 'canopylabs/orpheus-v1-english', input: 0, output: 0, fees: { character: 0.022 } },
    ],
    'https://console.groq.com/docs/models': [
      { model: 'canopylabs/orpheus-arabic-saudi', input: 0, output: 0, fees: { character: 0.04 } },
    ],
  }),
  ...listed('mistral', {
    'https://docs.mistral.ai/models/model-cards/voxtral-mini-transcribe-26-02': [
      { model: 'voxtral-mini-latest', input: 0, output: 0, fees: { audioMinute: 3 } },
      { model: 'voxtral-mini-2602', input: 0, output: 0, fees: { audioMinute: 3 } },
    ],
    'https://docs.mistral.ai/models/model-cards/voxtral-tts-26-03': [
      { model: 'voxtral-mini-tts-2603', input: 0, output: 0, fees: { character: 0.016 } },
      { model: 'voxtral-mini-tts-latest', input: 0, output: 0, fees: { character: 0.016 } },
    ],
  }),
  ...listed('xai', {
    'https://docs.x.ai/docs/models': [
      { model: 'grok-imagine-image', input: 0, output: 0, fees: { image: 20 } },
      { model: 'grok-imagine-image-quality', input: 0, output: 0, fees: { image: 50 } },
    ],
  }),
];
