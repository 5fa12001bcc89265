/** What a fresh install is asked with; each shows that only the base URL changes. */
export interface Snippet {
  readonly id: 'curl' | 'python' | 'anthropic';
  readonly name: string;
  readonly text: string;
}

const MODEL = 'sim/small';

export function snippets(origin: string): readonly Snippet[] {
  return [
    {
      id: 'curl',
      name: 'curl',
      text: `curl ${origin}/v1/chat/completions \\
  -H "authorization: Bearer $CAUSEWAY_KEY" \\
  -H "content-type: application/json" \\
  -d '{"model": "${MODEL}", "messages": [{"role": "user", "content": "Hello!"}]}'`,
    },
    {
      id: 'python',
      name: 'Python (openai)',
      text: `import os
from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key=os.environ["CAUSEWAY_KEY"])
answer = client.chat.completions.create(
    model="${MODEL}",
    messages=[{"role": "user", "content": "Hello!"}],
)
print(answer.choices[0].message.content)`,
    },
    {
      id: 'anthropic',
      name: 'Python (anthropic)',
      text: `import os
from anthropic import Anthropic

client = Anthropic(base_url="${origin}", api_key=os.environ["CAUSEWAY_KEY"])
message = client.messages.create(
    model="${MODEL}",
    max_tokens=200,
    messages=[{"role": "user", "content": "Hello!"}],
)
print(message.content[0].text)`,
    },
  ];
}
