import { openEncoders } from '../../src/models/vectors/embed/open-encoders.ts';
import { EmbeddingJudge } from '../../src/pipeline/routing/complexity/embedding/embedding-judge.ts';
import type { Example } from '../../src/pipeline/routing/complexity/embedding/example.ts';
import { encodedText, makeExample } from '../../src/pipeline/routing/complexity/embedding/make-example.ts';
import { questionOfText } from '../../src/pipeline/routing/complexity/question.ts';
import { RulesJudge } from '../../src/pipeline/routing/complexity/rules/rules-judge.ts';
import { signalsOf } from '../../src/pipeline/routing/complexity/rules/signals.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Halves, Prompt } from './data.ts';
import { ReadyDesk } from './desk.ts';

/** One score for each prompt of the half that is tested on: the higher, the sooner it goes to the large model. */
export interface Policies {
  readonly rules: readonly number[];
  readonly embedding: readonly number[];
  /** The number of words and nothing else: what is better than that has understood something. */
  readonly length: readonly number[];
  /** Prompts of which the embedding could not say anything, so that the rules did. */
  readonly unsaid: number;
  readonly rulesMicros: number;
  readonly encodingMs: number;
  readonly fittingMs: number;
  readonly predictingMs: number;
}

const PARTITION = 'complexity';

export async function scoreAll({ train, test }: Halves, said: (text: string) => void): Promise<Policies> {
  const rules = new RulesJudge();
  const questions = test.map(({ text }) => questionOfText(text));
  const [ruled, rulesMs] = timed(() => questions.map((question) => rules.judge(question).score));
  const desk = new ReadyDesk();
  const startedAt = performance.now();
  await encodeAll(desk, [...train, ...test], said);
  const encodedAt = performance.now();
  // Its vectors are there already: nothing is ever late.
  const deps = { desk, clock: systemClock, scheduler: { after: () => () => undefined } };
  const judge = new EmbeddingJudge(deps, { partition: PARTITION });
  await judge.learn(train.flatMap((prompt, at) => exampleOf(desk, prompt, at) ?? []));
  const fittedAt = performance.now();
  const judged = await Promise.all(questions.map((question) => judge.judge(question)));
  const judgedAt = performance.now();
  return {
    rules: ruled,
    embedding: judged.map((complexity, at) => complexity?.score ?? ruled[at] ?? 0),
    length: questions.map((question) => signalsOf(question).words),
    unsaid: judged.filter((complexity) => complexity === undefined).length,
    rulesMicros: (rulesMs * 1000) / test.length,
    encodingMs: (encodedAt - startedAt) / (train.length + test.length),
    fittingMs: fittedAt - encodedAt,
    predictingMs: (judgedAt - fittedAt) / test.length,
  };
}

async function encodeAll(desk: ReadyDesk, prompts: readonly Prompt[], said: (text: string) => void): Promise<void> {
  const texts = prompts.map(({ text }) => encodedText(questionOfText(text)));
  await desk.prepare(await openEncoders(), texts, (done) => said(`${done} of ${texts.length} prompts are encoded`));
}

function exampleOf(desk: ReadyDesk, { text, smallOk, largeOk }: Prompt, at: number): Example | undefined {
  const question = questionOfText(text);
  const made = desk.made(encodedText(question));
  const became = { smallOk: Number(smallOk), largeOk: Number(largeOk) };
  return made && makeExample(String(at), question, made, became);
}

function timed<Value>(work: () => Value): [Value, number] {
  const startedAt = performance.now();
  const value = work();
  return [value, performance.now() - startedAt];
}
