import { Type } from 'typebox';

import { Num, Text, choice, list } from '../../config/fields.ts';

/** What follows where a guard finds something. */
export const ACTIONS = ['off', 'flag', 'redact', 'block', 'review'] as const;
export type Action = (typeof ACTIONS)[number];

/** What follows where a guard cannot say. */
export const ON_FAILURE = ['open', 'closed'] as const;
export type OnFailure = (typeof ON_FAILURE)[number];

const WORDS = {
  off: 'it does not look',
  flag: 'the verdict is recorded, and the call goes on',
  redact: 'what was found is replaced',
  block: 'the call is refused',
  review: 'somebody has to approve it first',
};

/** What each action means, for descriptions. */
function actionWords(actions: readonly Action[]): string {
  return actions.map((action) => `\`${action}\`: ${WORDS[action]}`).join('; ');
}

interface GuardNotes<Words extends readonly Action[]> {
  readonly actions: Words;
  readonly input: Words[number];
  readonly output: Words[number];
}

/** What every guard has: what follows at each place, who is exempt, and what happens where it fails. */
export function guardFields<const Words extends readonly Action[]>({ actions, input, output }: GuardNotes<Words>) {
  const meaning = actionWords(actions);
  return {
    input: choice(actions, {
      description: `What follows where it finds something in a request. ${meaning}.`,
      default: input,
    }),
    output: choice(actions, { description: 'The same, in an answer.', default: output }),
    toolArguments: Type.Optional(
      choice(actions, {
        description: 'The same, in the arguments of tools that a model calls. Left out: as `output`.',
      }),
    ),
    toolResults: Type.Optional(
      choice(actions, { description: 'The same, in what tools answered. Left out: as `input`.' }),
    ),
    retrieved: Type.Optional(
      choice(actions, { description: 'The same, in documents and search results. Left out: as `input`.' }),
    ),
    exempt: list(Text({ description: 'A target, or all of a provider.', examples: ['azure/*', 'local/qwen3-8b'] }), {
      description:
        'Targets that may see what others may not. The guard does not change or refuse a request that can go nowhere else; its answers are looked at all the same.',
    }),
    onFailure: Type.Optional(
      choice(ON_FAILURE, {
        description:
          'What happens where it fails: the call goes on (`open`), or is refused (`closed`). The record says which. Left out: as the policy says.',
      }),
    ),
  };
}

export const threshold = (fallback: number, what: string) =>
  Num({ description: what, default: fallback, minimum: 0, maximum: 1 });
