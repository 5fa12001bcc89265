import { systemClock } from '../../../src/core/clock.ts';
import type { Tier } from '../../../src/core/routing.ts';
import { openEncoders } from '../../../src/models/vectors/embed/open-encoders.ts';
import { EmbeddingJudge } from '../../../src/pipeline/routing/complexity/embedding/embedding-judge.ts';
import { encodedText, makeExample } from '../../../src/pipeline/routing/complexity/embedding/make-example.ts';
import { RulesJudge } from '../../../src/pipeline/routing/complexity/rules/rules-judge.ts';
import { ReadyDesk } from '../desk.ts';
import type { Seen } from './run-day.ts';

export function tiersByRules(day: readonly Seen[], faq: readonly string[] = []): Tier[] {
  const rules = new RulesJudge({ faq });
  return day.map(({ question }) => rules.judge(question).tier);
}

/** By labelled requests of an earlier day; by the rules where they cannot say. */
export async function tiersByEmbedding(
  earlier: readonly Seen[],
  day: readonly Seen[],
  said: (text: string) => void,
): Promise<Tier[]> {
  const desk = new ReadyDesk();
  const texts = [...new Set([...earlier, ...day].map(({ question }) => encodedText(question)))];
  await desk.prepare(await openEncoders(), texts, (done) => said(`${done} of ${texts.length} questions are encoded`));
  const deps = { desk, clock: systemClock, scheduler: { after: () => () => undefined } };
  const judge = new EmbeddingJudge(deps, { partition: 'complexity' });
  await judge.learn(
    earlier.flatMap(({ request, question }, at) => {
      const made = desk.made(encodedText(question));
      return made ? makeExample(String(at), question, made, { tier: request.label }) : [];
    }),
  );
  const rules = new RulesJudge();
  return Promise.all(day.map(async ({ question }) => ((await judge.judge(question)) ?? rules.judge(question)).tier));
}
