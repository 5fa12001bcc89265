import type { Problem, ValidationRule } from './validate.ts';

const SAYS: Readonly<Record<ValidationRule, (problem: Problem) => string>> = {
  json_depth: ({ found, limit }) => `the body is nested ${found} deep, and ${limit} is allowed`,
  messages: ({ found, limit }) => `it has ${found} messages, and ${limit} are allowed`,
  max_characters: ({ found, limit }) => `a message has ${found} characters, and ${limit} are allowed`,
  total_characters: ({ found, limit }) => `its texts have ${found} characters together, and ${limit} are allowed`,
  tokens: ({ found, limit }) => `its texts have at least ${found} tokens, and ${limit} are allowed`,
  languages: ({ found, limit }) => `a text is written in ${found}, and allowed are: ${limit}`,
  images: ({ found, limit }) => `it has ${found} images, and ${limit} are allowed`,
  image_size: ({ found, limit }) => `an image has ${found} bytes, and ${limit} are allowed`,
};

/** What a client is told that has to send something else. */
export function problemText(problems: readonly Problem[]): string {
  const said = problems.map((problem) => `${SAYS[problem.rule](problem)}${placeOf(problem)}`);
  return `The request is not as it has to be: ${said.join('; ')}.`;
}

function placeOf({ path }: Problem): string {
  return path === '' ? '' : ` (${path.length > 100 ? `${path.slice(0, 100)}…` : path})`;
}
