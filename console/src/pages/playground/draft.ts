/** What is about to be asked, before it is written in the words of one API. */
export type Dialect = 'chat' | 'messages' | 'responses';
export const DIALECTS: readonly Dialect[] = ['chat', 'messages', 'responses'];

export type TurnRole = 'user' | 'assistant' | 'tool';

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
}

export interface Turn {
  readonly key: string;
  readonly role: TurnRole;
  readonly text: string;
  /** Of an assistant: what it called. */
  readonly calls: readonly ToolCall[];
  /** Of a tool: the call that it answers. */
  readonly callId: string;
}

export interface Prompt {
  readonly system: string;
  readonly turns: readonly Turn[];
  /** JSON: an array of tools in the shape of any API. */
  readonly tools: string;
  /** auto, none, required, or the name of a tool. */
  readonly toolChoice: string;
}

/** As they are typed; an empty text is not sent. */
export interface Parameters {
  readonly temperature: string;
  readonly topP: string;
  readonly maxTokens: string;
  /** One a line. */
  readonly stop: string;
  readonly seed: string;
  readonly effort: string;
  readonly format: 'text' | 'json' | 'schema';
  /** A JSON schema. */
  readonly schema: string;
}

/** What goes along in `x-causeway-*`. */
export interface Headers {
  readonly user: string;
  readonly conversation: string;
  readonly metadata: string;
  readonly cache: string;
  readonly cacheTags: string;
  readonly prefer: string;
}

/** One of those who are asked side by side. */
export interface Column {
  readonly key: string;
  readonly model: string;
  readonly dialect: Dialect;
  readonly parameters: Parameters;
}

export const NO_PARAMETERS: Parameters = {
  temperature: '',
  topP: '',
  maxTokens: '',
  stop: '',
  seed: '',
  effort: '',
  format: 'text',
  schema: '',
};

export const NO_HEADERS: Headers = {
  user: '',
  conversation: '',
  metadata: '',
  cache: '',
  cacheTags: '',
  prefer: '',
};

let made = 0;

/** A name for something on the page, other than all others. */
function newKey(): string {
  made += 1;
  return `n${made}`;
}

export function newTurn(role: TurnRole, text = '', more: Partial<Pick<Turn, 'calls' | 'callId'>> = {}): Turn {
  return { key: newKey(), role, text, calls: [], callId: '', ...more };
}

export function newPrompt(): Prompt {
  return { system: '', turns: [newTurn('user')], tools: '', toolChoice: 'auto' };
}

export function newColumn(model = '', like?: Column): Column {
  return {
    key: newKey(),
    model,
    dialect: like?.dialect ?? 'chat',
    parameters: like?.parameters ?? NO_PARAMETERS,
  };
}

/** How many parameters are set to something. */
export function countSet(parameters: Parameters): number {
  const { format, schema: _schema, ...texts } = parameters;
  return Object.values(texts).filter((text) => text.trim() !== '').length + (format === 'text' ? 0 : 1);
}
