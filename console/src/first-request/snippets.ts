import { shellQuoted } from '../format/shell.ts';

/** What a fresh install is asked with; each shows that only the base URL changes. */
export interface Snippet {
  readonly id: 'curl' | 'python' | 'typescript' | 'anthropic';
  readonly name: string;
  readonly text: string;
}

/** Answers where nothing else is configured. */
export const SIMULATED = 'sim/echo';

export interface SnippetFacts {
  /** Where the gateway is, e.g. `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** An API key, or what stands for one. */
  readonly key: string;
  readonly model: string;
}

/** A request that can be pasted into a shell as it is. */
export function curl({ origin, key, model }: SnippetFacts): string {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello!' }] });
  return [
    `curl ${origin}/v1/chat/completions \\`,
    `  -H "Authorization: Bearer ${key}" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d ${shellQuoted(body)}`,
  ].join('\n');
}

function python({ origin, key, model }: SnippetFacts): string {
  return `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="${key}")
answer = client.chat.completions.create(
    model=${JSON.stringify(model)},
    messages=[{"role": "user", "content": "Hello!"}],
)
print(answer.choices[0].message.content)`;
}

function typescript({ origin, key, model }: SnippetFacts): string {
  return `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${origin}/v1', apiKey: '${key}' });
const answer = await client.chat.completions.create({
  model: ${JSON.stringify(model)},
  messages: [{ role: 'user', content: 'Hello!' }],
});
console.log(answer.choices[0]?.message.content);`;
}

function anthropic({ origin, key, model }: SnippetFacts): string {
  return `from anthropic import Anthropic

client = Anthropic(base_url="${origin}", api_key="${key}")
message = client.messages.create(
    model=${JSON.stringify(model)},
    max_tokens=200,
    messages=[{"role": "user", "content": "Hello!"}],
)
print(message.content[0].text)`;
}

export function snippets(facts: SnippetFacts): readonly Snippet[] {
  return [
    { id: 'curl', name: 'curl', text: curl(facts) },
    { id: 'python', name: 'Python', text: python(facts) },
    { id: 'typescript', name: 'TypeScript', text: typescript(facts) },
    { id: 'anthropic', name: 'Python (Anthropic)', text: anthropic(facts) },
  ];
}
