import type { AudioPart, DocumentPart, ImagePart } from '../../core/inference/content.ts';
import { imageSize } from './image-size.ts';
import { imageTokens } from './image-tokens.ts';
import type { PromptParts } from './prompt-parts.ts';

/** Tokens of what is not text, and whether each could be worked out instead of guessed. */
export interface MediaTokens {
  readonly tokens: number;
  readonly exact: boolean;
}

/** A usual image where the provider does not say how it counts. */
const USUAL_IMAGE = 1000;

/** A page: 1,500 to 3,000 tokens of text, and its image. @see https://platform.claude.com/docs/en/build-with-claude/pdf-support (checked 2026-11-21) */
const PAGE_TEXT = 2000;
const USUAL_PAGES = 5;

/** A token for every 100 ms. @see https://platform.openai.com/docs/guides/realtime-costs (checked 2026-11-21) */
const AUDIO_TOKENS_PER_SECOND = 10;
/** 64 kbit/s, where the format does not say it. */
const USUAL_AUDIO_RATE = 8000;

export function mediaTokens(family: string, model: string, parts: PromptParts): MediaTokens {
  let tokens = 0;
  let exact = parts.documents.length === 0 && parts.audio.length === 0;
  for (const image of parts.images) {
    const size = sizeOf(image);
    const counted = imageTokens(family, model, { size, detail: image.detail });
    if (size === undefined || counted === undefined) exact = false;
    tokens += counted ?? USUAL_IMAGE;
  }
  const page = PAGE_TEXT + (imageTokens(family, model, { size: undefined, detail: undefined }) ?? USUAL_IMAGE);
  for (const document of parts.documents) tokens += pagesOf(document) * page;
  for (const audio of parts.audio) tokens += Math.ceil(secondsOf(audio) * AUDIO_TOKENS_PER_SECOND);
  return { tokens, exact };
}

function sizeOf({ source }: ImagePart): ReturnType<typeof imageSize> {
  return source.kind === 'data' ? imageSize(source.base64) : undefined;
}

/** As many as the file shows; those in compressed object streams are not seen. */
function pagesOf({ source }: DocumentPart): number {
  if (source.kind !== 'data') return USUAL_PAGES;
  const text = Buffer.from(source.base64, 'base64').toString('latin1');
  return text.match(/\/Type\s*\/Page(?![a-zA-Z])/g)?.length ?? USUAL_PAGES;
}

const WAV_RATE_AT = 28;

function secondsOf({ format, base64 }: AudioPart): number {
  const bytes = Math.floor((base64.length * 3) / 4);
  if (format !== 'wav') return bytes / USUAL_AUDIO_RATE;
  const head = Buffer.from(base64.slice(0, 64), 'base64');
  const rate = head.length >= WAV_RATE_AT + 4 ? head.readUInt32LE(WAV_RATE_AT) : 0;
  return bytes / (rate > 0 ? rate : USUAL_AUDIO_RATE);
}
