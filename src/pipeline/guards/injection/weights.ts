/** What a sign weighs in the sum of which the score is the logistic function. */
interface SignWeight {
  readonly weight: number;
  readonly why: string;
}

/**
 * The sum that a text without signs has. It and the weights below were fitted on the development half of the samples, held
 * near weights that were chosen before any sample was looked at: `node bench/guards/fit-injection.ts`, 2026-11-22. So is
 * the threshold of 0.5: of everything benign in that half fewer than one text in a hundred has more, of any set.
 */
export const BIAS = -4.39;

export const SIGN_WEIGHTS = {
  override: { weight: 4.79, why: 'orders to drop what was said before: nobody else says that to a model' },
  dismissal: { weight: 1.48, why: 'takes back what was said, as people do who have sent something wrong' },
  mode: { weight: 0.95, why: 'a mode of a machine, or of a model that has none' },
  'new-orders': { weight: 1.43, why: 'other orders hold from now on' },
  order: { weight: 0.69, why: 'you must, always, never: many of them make a role' },
  extraction: { weight: 4.85, why: 'asks for the system prompt' },
  echo: { weight: 1.3, why: 'wants what stands before, as people who wrote it do as well' },
  secret: { weight: 4.01, why: 'asks for a password or a key of the system' },
  password: { weight: 1.41, why: 'asks for some password' },
  personal: { weight: 2.0, why: 'asks what the system knows of another user' },
  authority: { weight: 2.11, why: 'claims to be the developer, an administrator, God' },
  addressed: { weight: 1.69, why: 'a text that speaks to whichever model reads it' },
  exfiltration: { weight: 2.0, why: 'wants something sent to an address' },
  'decode-first': { weight: 1.79, why: 'the order is in what has to be decoded or put together' },
  'alter-ego': { weight: 3.47, why: 'one of the known names for a model without rules' },
  'developer-mode': { weight: 2.68, why: 'a mode that no model has' },
  jailbreak: { weight: 2.88, why: 'says what it is' },
  unbound: { weight: 1.89, why: 'no rules hold for whom the model is to be' },
  unfiltered: { weight: 1.98, why: 'unfiltered, uncensored' },
  amoral: { weight: 1.49, why: 'immoral, unethical' },
  vice: { weight: 0.95, why: 'bad language is wanted' },
  'made-up': { weight: 0.8, why: 'may make things up' },
  persona: { weight: 1.34, why: 'the model is to be somebody' },
  'act-as': { weight: 0.71, why: 'the same, as harmless prompts say it as well' },
  'in-character': { weight: 1.5, why: 'and has to stay it' },
  'named-ai': { weight: 0.4, why: 'namely another model' },
  'no-refusal': { weight: 1.93, why: 'may not refuse' },
  'no-warnings': { weight: 1.29, why: 'may not warn' },
  'vendor-rules': { weight: 1.44, why: 'speaks of the rules of whoever made the model' },
  vendor: { weight: 0.82, why: 'speaks to a model by its name' },
  'dual-answer': { weight: 0.77, why: 'two answers, of which one is without rules' },
  placeholder: { weight: 1.21, why: 'a template for the question to come' },
  opening: { weight: 0.49, why: 'the first words of the answer are set' },
  acknowledge: { weight: 0.32, why: 'has to say that it agrees' },
  coercion: { weight: 0.4, why: 'is punished for refusing' },
  fiction: { weight: 0.95, why: 'none of it is real' },
  game: { weight: 0.69, why: 'or it is a game' },
  'rule-list': { weight: 0.94, why: 'rules of its own' },
  reminder: { weight: 1.0, why: 'reminders to keep to the role' },
  'training-date': { weight: 0.8, why: 'tells a model what it cannot know' },
  template: { weight: 4.5, why: 'a turn begun with the delimiters of a chat template' },
  token: { weight: 1.17, why: 'a delimiter alone, as those ask about it who program with models' },
  tag: { weight: 0.32, why: 'tags that prompts are written with' },
  'fake-turn': { weight: 1.3, why: 'turns of somebody else within one text' },
  hidden: { weight: 4.0, why: 'orders in a comment, where people do not see them' },
  encoded: { weight: 2.54, why: 'another sign was found only after decoding' },
  smuggled: { weight: 4.0, why: 'text in invisible characters' },
  'hidden-letters': { weight: 1.5, why: 'words broken by invisible characters' },
  lookalikes: { weight: 1.0, why: 'words with letters of another script' },
} as const satisfies Readonly<Record<string, SignWeight>>;

export type Sign = keyof typeof SIGN_WEIGHTS;
export const SIGNS = Object.keys(SIGN_WEIGHTS) as readonly Sign[];
