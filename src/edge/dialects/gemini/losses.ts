/**
 * What decoding cannot keep, in the words of its warnings and refusals (each behind the field's name), which are
 * those of `docs/translation.md` too.
 */
export const LOSSES = {
  // left out or changed
  safety: 'is left out: other providers have no thresholds for what they filter',
  labels: 'is kept with the trace and not sent on: other providers do not bill by label',
  store: 'is left out: other providers store no answers',
  partNotes: 'is left out: it only tells Gemini how to read or to speak the part',
  mediaResolution: 'is left out: other providers choose themselves how closely they look',
  scheduling: 'is left out: a result is read when it comes',
  response: "is left out: other providers do not read what a function's result looks like",
  behavior: 'is left out: other providers wait for the result of every call',
  retrieval: 'is left out: it goes with tools of Google, and the request has none',
  validated: 'is read as AUTO: whether calls are held to their schema is up to the provider',
  pieces: 'is left out: arguments come in one piece',
  logprobs: 'is left out: it goes with `responseLogprobs`',
  speech: 'is left out: it is about spoken answers, and this one is text',
  images: 'is left out: it is about images, and the answer is text',
  routing: "is left out: it chooses among Google's own models",
  // refused
  cachedContent: 'names content that is cached at Google, which this model cannot read; send the content itself',
  continuation: 'continues an answer that only Google knows',
  builtInTool:
    "cannot be used: it is a tool of Google's own, which this model does not have. " +
    'Declare a function, or ask a Gemini model',
  code: "is code that ran at Google, or what it printed, which this model's provider has no place for",
  serverTool: "is of a tool of Google's own, which this model's provider has no place for",
  unknownPart: 'cannot be translated: the gateway does not know this kind of part',
  video: 'is video, which cannot be translated; ask a Gemini model',
  audioUrl: 'is audio behind an address; send the audio itself as `inlineData`',
  audioResult: 'is audio in the result of a function, which other providers do not take',
  modalities: 'asks for answers that are not text, which can only be had from a model that is served under this API',
  mimeType: 'asks for a form of answer that other providers do not have; use application/json with a schema',
  civic: 'cannot be used: the answers that it asks for are made by Google',
  seal: 'is a signature that this gateway wrote and that was changed since; send it back as it came',
} as const;
