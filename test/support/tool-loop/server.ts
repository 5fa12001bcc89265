import type { ReceivedRequest, Upstream, UpstreamAnswer } from '../upstream.ts';
import { startUpstream } from '../upstream.ts';
import { anthropicLoop } from './anthropic.ts';
import { cohereLoop } from './cohere.ts';
import { converseLoop } from './converse.ts';
import { geminiLoop } from './gemini.ts';
import { openAiLoop } from './openai.ts';
import { responsesLoop } from './responses.ts';

/** A request's body, which each protocol reads in its own way. */
type Body = never;

/** Which protocol a path belongs to; the first that fits. */
const PROTOCOLS: readonly (readonly [path: RegExp, (body: Body, path: string) => UpstreamAnswer])[] = [
  [/\/chat\/completions(\?|$)/, openAiLoop],
  [/\/responses(\?|$)/, responsesLoop],
  [/\/v1\/messages(\?|$)/, anthropicLoop],
  [/:(?:streamR|r)awPredict$/, anthropicLoop],
  [/:generateContent/, (body) => geminiLoop(body, false)],
  [/:streamGenerateContent/, (body) => geminiLoop(body, true)],
  [/\/converse$/, (body) => converseLoop(body, false)],
  [/\/converse-stream$/, (body) => converseLoop(body, true)],
  [/\/v2\/chat$/, cohereLoop],
];

/** Every provider at one address, for as long as a tool loop takes. */
export async function startLoopUpstream(): Promise<Upstream> {
  const upstream = await startUpstream();
  upstream.answer(answerOf);
  return upstream;
}

function answerOf({ path, body }: ReceivedRequest): UpstreamAnswer {
  const [, answer] = PROTOCOLS.find(([pattern]) => pattern.test(path)) ?? [];
  if (!answer) return { status: 404, chunks: [`no provider has ${path}`] };
  return answer(JSON.parse(body) as Body, path);
}
