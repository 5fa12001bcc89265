import { shellQuoted } from '../../format/shell.ts';
import type { Dialect } from './draft.ts';
import type { Asked } from './request-body.ts';

export type SnippetKind = 'curl' | 'python' | 'typescript';
export const SNIPPETS: readonly (readonly [SnippetKind, string])[] = [
  ['curl', 'curl'],
  ['python', 'Python'],
  ['typescript', 'TypeScript'],
];

type Fields = Readonly<Record<string, unknown>>;

/** The same request from an application, whose key is its own. */
export function snippet(kind: SnippetKind, dialect: Dialect, asked: Asked, origin: string): string {
  return { curl, python, typescript }[kind](dialect, asked, origin);
}

function curl(dialect: Dialect, { path, body, headers }: Asked, origin: string): string {
  const own = dialect === 'messages' ? ['anthropic-version: 2023-06-01'] : [];
  const more = [...own, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return [
    `curl -N ${shellQuoted(origin + path)}`,
    // The shell fills in the key, so this is in double quotes.
    '  -H "authorization: Bearer $CAUSEWAY_KEY"',
    `  -H 'content-type: application/json'`,
    ...more.map((header) => `  -H ${shellQuoted(header)}`),
    `  --data-raw ${shellQuoted(JSON.stringify(body, undefined, 2))}`,
  ].join(' \\\n');
}

/** Whole answers: how an application reads a stream is its own affair. */
function wholeBody({ body }: Asked): Fields {
  const { stream: _stream, stream_options: _options, ...rest } = body;
  return rest;
}

const INDENT = '    ';

function pythonValue(value: unknown, depth: number): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const inner = INDENT.repeat(depth + 1);
  const close = INDENT.repeat(depth);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((one) => `${inner}${pythonValue(one, depth + 1)},\n`).join('')}${close}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([name, one]) => `${inner}${JSON.stringify(name)}: ${pythonValue(one, depth + 1)},\n`);
  return `{\n${lines.join('')}${close}}`;
}

const CALLS: Readonly<Record<Dialect, string>> = {
  chat: 'client.chat.completions.create',
  messages: 'client.messages.create',
  responses: 'client.responses.create',
};

function python(dialect: Dialect, asked: Asked, origin: string): string {
  const [library, base, shown] = {
    chat: ['OpenAI', `${origin}/v1`, 'answer.choices[0].message'],
    messages: ['Anthropic', origin, 'answer.content'],
    responses: ['OpenAI', `${origin}/v1`, 'answer.output_text'],
  }[dialect];
  const headers = Object.keys(asked.headers).length === 0 ? {} : { extra_headers: asked.headers };
  const fields = Object.entries({ ...wholeBody(asked), ...headers });
  return [
    'import os',
    `from ${library === 'OpenAI' ? 'openai' : 'anthropic'} import ${library}`,
    '',
    `client = ${library}(base_url=${JSON.stringify(base)}, api_key=os.environ["CAUSEWAY_KEY"])`,
    `answer = ${CALLS[dialect]}(`,
    ...fields.map(([name, value]) => `${INDENT}${name}=${pythonValue(value, 1)},`),
    ')',
    `print(${shown})`,
  ].join('\n');
}

function typescript(dialect: Dialect, asked: Asked, origin: string): string {
  const [library, module, base, shown] = {
    chat: ['OpenAI', 'openai', `${origin}/v1`, 'answer.choices[0]?.message'],
    messages: ['Anthropic', '@anthropic-ai/sdk', origin, 'answer.content'],
    responses: ['OpenAI', 'openai', `${origin}/v1`, 'answer.output_text'],
  }[dialect];
  const options = Object.keys(asked.headers).length === 0 ? '' : `, { headers: ${JSON.stringify(asked.headers)} }`;
  return [
    `import ${library} from '${module}';`,
    '',
    `const client = new ${library}({ baseURL: ${JSON.stringify(base)}, apiKey: process.env.CAUSEWAY_KEY });`,
    `const answer = await ${CALLS[dialect]}(${JSON.stringify(wholeBody(asked), undefined, 2)}${options});`,
    `console.log(${shown});`,
  ].join('\n');
}
