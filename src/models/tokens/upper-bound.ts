import type { Dialect, Operation } from '../../core/call.ts';
import type { JsonObject } from '../../core/json.ts';
import type { BoundTarget } from './bound-margins.ts';
import { BoundSum } from './bound-sum.ts';
import { addChat } from './chat-bound.ts';
import { addGeneration } from './gemini-bound.ts';
import { KnownParts } from './known-parts.ts';
import { addCompletion, addEmbeddings, addPlain, addRanking } from './plain-bound.ts';
import { addResponse } from './responses-bound.ts';

export type { BoundTarget } from './bound-margins.ts';

/** What a client asks, in whichever dialect. */
export interface BoundRequest {
  readonly dialect: Dialect;
  readonly operation: Operation;
  readonly body: JsonObject;
  /** Of the same request, where bounds are asked for more than once. */
  readonly parts?: KnownParts | undefined;
}

/**
 * A number of input tokens that the request cannot exceed at this target: a sum that has still to be held against the
 * context. It reads the client's own body, of any dialect, so it holds for what is relayed unread as well.
 *
 * The argument, step by step:
 *
 * 1. Text. Tokenizers of language models work on bytes or fall back to them, so a token stands for at least one byte of
 *    UTF-8: a text has no more tokens than bytes. Some first rewrite it in one of Unicode's composed forms (Qwen3's in
 *    NFC), which can make it longer, so the longest of the forms counts; OpenAI's do not (tiktoken has no such step).
 * 2. Templates. Around each message stand a few special tokens and its role, around all of them what a template says by
 *    itself. `MESSAGE` and `PROMPT` are several times what the templates of known models add.
 * 3. Structures: tools, their calls, schemas. How they are written before the model is seldom known: as TypeScript, JSON
 *    indented or not, XML. Twice the bytes of JSON with an indentation of four and every other letter as `\uXXXX` is more
 *    than any of them. Anthropic documents at most 804 tokens for its own words about tools; `TOOLS` is above that.
 *    https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview#pricing (checked 2026-11-21)
 * 4. Images cost what the provider documents as the most for one; where nothing is documented, see 5.
 * 5. PDF files, audio, files by id, sealed reasoning: their bytes do not bound their tokens (a compressed page can be a
 *    thousand times its size, a reference points to anything). But a prompt is never longer than the model's context.
 * 6. Tools that the provider runs itself put their results before the model and ask it again, any number of times, so not
 *    even the context bounds the sum: there is no bound. So it is with every field whose meaning is not known here.
 * 7. A prompt over the context is refused, so the context, where known, bounds everything that is one prompt. Several
 *    texts in one request (to embed, to complete) are several prompts, each with a context of its own.
 * 8. What a translation adds is within the same allowances: an instruction to answer in JSON repeats the schema that is
 *    counted twice, tools that are only in the history are declared with nothing but their names.
 */
export function inputBound(
  { dialect, operation, body, parts = new KnownParts() }: BoundRequest,
  target: BoundTarget,
): BoundSum {
  const sum = new BoundSum(target.family === 'openai');
  switch (operation) {
    case 'chat':
      if (dialect === 'responses') addResponse(sum, body, target, parts);
      else if (dialect === 'gemini') addGeneration(sum, body, target, parts);
      else addChat(sum, body, target, parts);
      break;
    case 'completion':
      addCompletion(sum, body);
      break;
    case 'embeddings':
      addEmbeddings(sum, body);
      break;
    case 'rerank':
      addRanking(sum, body, target);
      break;
    case 'moderation':
    case 'speech':
    case 'image':
      addPlain(sum, body);
      break;
    // Their files are not read here.
    case 'transcription':
    case 'audio-translation':
    case 'image-edit':
    case 'image-variation':
      sum.unbounded();
      break;
    case 'resource':
    case 'token-count':
      break;
  }
  return sum;
}

/** The same as a number; undefined where there is none. */
export function inputUpperBound(request: BoundRequest, target: BoundTarget): number | undefined {
  return inputBound(request, target).within(promptLimit(target));
}

/** The longest prompt that the target takes, where that is known. */
export function promptLimit({ capabilities }: BoundTarget): number | undefined {
  return capabilities?.inputTokens ?? capabilities?.contextTokens;
}
