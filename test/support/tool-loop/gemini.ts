import { LOOP, type LoopAnswer, events, finalText, pieces, problemOf, refused, whole } from './script.ts';

interface Part {
  readonly functionCall?: { readonly id?: string; readonly name: string };
  readonly functionResponse?: { readonly id?: string; readonly name: string; readonly response?: unknown };
  readonly thoughtSignature?: string;
}

interface Body {
  readonly contents: readonly { readonly role?: string; readonly parts: readonly Part[] }[];
}

/** Google's generateContent. @see https://ai.google.dev/api/generate-content (checked 2026-11-21) */
export function geminiLoop(body: Body, stream: boolean): LoopAnswer {
  const parts = body.contents.flatMap((content) => content.parts);
  const responses = parts.flatMap(({ functionResponse }) => functionResponse ?? []);
  const results = new Map(LOOP.calls.map(({ id }, at) => [id, JSON.stringify(responses[at]?.response ?? null)]));
  const problem =
    responses.length > 0 ? (problemOf(results) ?? orderProblem(responses) ?? proofProblem(parts)) : undefined;
  if (problem !== undefined) return refused({ error: { code: 400, message: problem, status: 'INVALID_ARGUMENT' } });
  const isFirst = responses.length === 0;
  const said = isFirst ? FIRST : [{ text: finalText([...results.values()]) }];
  if (!stream) return whole(answerOf(said, isFirst, true));
  const inPieces = isFirst ? FIRST.map((part) => [part]) : pieces(said[0]?.text ?? '').map((text) => [{ text }]);
  return events(
    inPieces.map((some, at) => `data: ${JSON.stringify(answerOf(some, isFirst, at === inPieces.length - 1))}\r\n\r\n`),
  );
}

interface Said {
  readonly text?: string;
}

const FIRST: readonly (Said & Readonly<Record<string, unknown>>)[] = [
  { text: LOOP.thought, thought: true },
  ...LOOP.calls.map(({ city }, at) => {
    return { functionCall: { name: LOOP.tool, args: { city } }, ...(at === 0 ? { thoughtSignature: LOOP.proof } : {}) };
  }),
];

/** Responses stand in the order of their calls, with the calls' name. */
function orderProblem(responses: readonly { readonly name: string }[]): string | undefined {
  return responses.every(({ name }) => name === LOOP.tool) ? undefined : 'a function response has another name';
}

/** The first call of a step has to have its signature. */
function proofProblem(parts: readonly Part[]): string | undefined {
  const first = parts.find(({ functionCall }) => functionCall);
  return first?.thoughtSignature === LOOP.proof ? undefined : 'Function call is missing a thought_signature';
}

function answerOf(parts: readonly object[], isFirst: boolean, isLast: boolean): object {
  const { input, output } = isFirst ? LOOP.usage : LOOP.usage.final;
  return {
    candidates: [{ content: { role: 'model', parts }, index: 0, ...(isLast ? { finishReason: 'STOP' } : {}) }],
    usageMetadata: { promptTokenCount: input, candidatesTokenCount: output, totalTokenCount: input + output },
    modelVersion: 'gemini-3-pro',
    responseId: 'r1',
  };
}
