import type { AssistantPart, Message } from '../../../core/inference/content.ts';
import type { InferenceRequest, ResponseFormat } from '../../../core/inference/request.ts';
import { estimateTokens } from '../../../models/tokens/estimate.ts';

/** How a model is brought to go on: with its words put into its mouth, or by being asked to. */
export type Manner = 'prefill' | 'instruction';

/** How much of the end of a text is quoted, so that it is clear where it ends. */
const QUOTED_CHARS = 200;

/**
 * The conversation with what was said so far as the assistant's, to be gone on with.
 * @param said not empty
 * @param model who goes on, which says how many tokens a text is
 */
export function continuationRequest(
  request: InferenceRequest,
  said: string,
  manner: Manner,
  model: string,
): InferenceRequest {
  const { choices: _, responseFormat, maxOutputTokens, ...rest } = request;
  const left = maxOutputTokens === undefined ? undefined : Math.max(1, maxOutputTokens - estimateTokens(said, model));
  return {
    ...rest,
    messages: manner === 'prefill' ? prefilled(request, said) : instructed(request, said),
    // A form is asked of a whole answer, and what follows a prefill is only the rest of one.
    ...(responseFormat && manner === 'instruction' ? { responseFormat } : {}),
    ...(left === undefined ? {} : { maxOutputTokens: left }),
    stream: true,
    fields: { ...request.fields, prefill: 'answer: what was said so far' },
  };
}

function prefilled({ messages, responseFormat }: InferenceRequest, said: string): Message[] {
  const spoken = withAnswer(messages, said.trimEnd());
  if (!responseFormat) return spoken;
  return [{ role: 'system', content: [{ type: 'text', text: formText(responseFormat) }] }, ...spoken];
}

function instructed({ messages }: InferenceRequest, said: string): Message[] {
  return [
    ...withAnswer(messages, said),
    { role: 'user', content: [{ type: 'text', text: instruction(said.slice(-QUOTED_CHARS)) }] },
  ];
}

/** An answer that was prefilled by the client is one with what followed. */
function withAnswer(messages: readonly Message[], said: string): Message[] {
  const last = messages.at(-1);
  const part: AssistantPart = { type: 'text', text: said };
  if (last?.role !== 'assistant') return [...messages, { role: 'assistant', content: [part] }];
  return [...messages.slice(0, -1), { ...last, content: [...last.content, part] }];
}

function instruction(quoted: string): string {
  return (
    'Your last message was cut off by a technical fault. It ends with:\n' +
    `<end_of_message>${quoted}</end_of_message>\n` +
    'Go on exactly where it ends, in the middle of a word if need be. Do not repeat any of it, do not begin anew, and ' +
    'say nothing about the interruption: what you write is put directly behind it. Begin with a space or a line break ' +
    'where one has to follow.'
  );
}

function formText(format: ResponseFormat): string {
  const form = 'Answer with JSON alone, without any text around it.';
  return format.type === 'json' ? form : `${form} It has to be valid for this schema: ${JSON.stringify(format.schema)}`;
}
