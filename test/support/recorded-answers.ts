import type { StreamEvent } from '../../src/core/events.ts';
import { type JsonObject, asString, isJsonObject, parseJson } from '../../src/core/json.ts';
import type { Usage } from '../../src/core/usage.ts';
import { readStream, wireOf } from './read-recording.ts';
import { type Recording, loadRecordings } from './recordings.ts';

/** What a recorded answer said, and what its provider billed for it. */
export interface RecordedAnswer {
  readonly name: string;
  readonly model: string;
  /** Text, and the names and arguments of tools. */
  readonly said: string;
  readonly thought: string;
  readonly toolCalls: number;
  readonly usage: Usage;
}

/** Recordings that were made by hand, whose usage nobody billed. */
const MADE_UP = /^anthropic-sdk\//;

/** Answers all of whose billed output can be read: none that hides its thinking or ran tools of the provider's. */
export function readableAnswers(): RecordedAnswer[] {
  return loadRecordings()
    .filter(({ name, operation, kind, faulty }) => {
      return operation === 'chat' && kind !== 'error' && faulty === undefined && !MADE_UP.test(name);
    })
    .flatMap((recording) => (recording.kind === 'stream' ? fromStream(recording) : fromWhole(recording)))
    .filter(({ usage, said }) => said !== '' && (usage.outputTokens ?? 0) > 0);
}

/** Other content, or sealed thinking: more was billed than can be read. */
function hides({ type }: StreamEvent): boolean {
  return type === 'other-content' || type === 'reasoning-signature';
}

function fromStream(recording: Recording): RecordedAnswer[] {
  const { events } = readStream(wireOf(recording), [recording.bytes]);
  if (events.some(hides)) return [];
  const answer = { name: recording.name, model: '', said: '', thought: '', toolCalls: 0, usage: {} };
  for (const event of events) addEvent(answer, event);
  return [answer];
}

function addEvent(answer: { -readonly [K in keyof RecordedAnswer]: RecordedAnswer[K] }, event: StreamEvent): void {
  switch (event.type) {
    case 'message-start':
      answer.model = event.model ?? answer.model;
      return;
    case 'text-delta':
      answer.said += event.text;
      return;
    case 'reasoning-delta':
      answer.thought += event.text;
      return;
    case 'tool-call-start':
      answer.toolCalls += 1;
      answer.said += event.name;
      return;
    case 'tool-call-delta':
      answer.said += event.argumentsText;
      return;
    case 'usage':
      answer.usage = { ...answer.usage, ...event.usage };
      return;
    default:
  }
}

function fromWhole(recording: Recording): RecordedAnswer[] {
  const body = parseJson(recording.bytes.toString());
  if (!isJsonObject(body)) return [];
  const { usage = {} } = wireOf(recording).readWhole('chat', body);
  const common = { name: recording.name, model: asString(body['model']) ?? '', usage };
  const read = recording.dialect === 'anthropic' ? blocks(body) : message(body);
  return read ? [{ ...common, ...read }] : [];
}

type Said = Pick<RecordedAnswer, 'said' | 'thought' | 'toolCalls'>;

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function blocks(body: JsonObject): Said | undefined {
  const all = objects(body['content']);
  if (!all.every(({ type }) => type === 'text' || type === 'tool_use')) return undefined;
  const calls = all.filter(({ type }) => type === 'tool_use');
  const said = all.map(
    ({ text, name, input }) =>
      `${asString(text) ?? ''}${asString(name) ?? ''}${input === undefined ? '' : JSON.stringify(input)}`,
  );
  return { said: said.join(''), thought: '', toolCalls: calls.length };
}

function message(body: JsonObject): Said | undefined {
  const { message: said } = objects(body['choices'])[0] ?? {};
  if (!isJsonObject(said) || (said['content'] !== null && typeof said['content'] !== 'string')) return undefined;
  const calls = objects(said['tool_calls']).map(({ function: called }) => (isJsonObject(called) ? called : {}));
  const texts = calls.map(({ name, arguments: text }) => `${asString(name) ?? ''}${asString(text) ?? ''}`);
  return {
    said: `${said['content'] ?? ''}${texts.join('')}`,
    thought: asString(said['reasoning_content']) ?? asString(said['reasoning']) ?? '',
    toolCalls: calls.length,
  };
}
