import type { ModelRoute } from '../dialect-adapter.ts';

/** OpenAI's operations that go to providers of its own API only. */
export const RELAYED_ROUTES: readonly ModelRoute[] = [
  {
    path: '/v1/completions',
    operation: 'completion',
    summary: "OpenAI's text completions, streamed or not, with a suffix to fill in the middle",
  },
  { path: '/v1/moderations', operation: 'moderation', summary: "OpenAI's moderation of texts and images" },
  { path: '/v1/audio/speech', operation: 'speech', summary: "OpenAI's speech, as a file or as events" },
  {
    path: '/v1/audio/transcriptions',
    operation: 'transcription',
    body: 'form',
    summary: "OpenAI's transcriptions of audio, streamed or not",
  },
  {
    path: '/v1/audio/translations',
    operation: 'audio-translation',
    body: 'form',
    summary: "OpenAI's translations of audio into English",
  },
  { path: '/v1/images/generations', operation: 'image', summary: "OpenAI's images, streamed or not" },
  {
    path: '/v1/images/edits',
    operation: 'image-edit',
    body: 'form',
    summary: "OpenAI's changes to images, streamed or not; as a form or as JSON",
  },
  {
    path: '/v1/images/variations',
    operation: 'image-variation',
    body: 'form',
    summary: "OpenAI's variations of an image",
  },
];
