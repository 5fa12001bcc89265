import { openEncoders } from '../models/vectors/embed/open-encoders.ts';
import { Classifier, FEWEST_EXAMPLES, MOST_EXAMPLES } from '../pipeline/routing/complexity/embedding/classifier.ts';
import { scoreOfLoss } from '../pipeline/routing/complexity/embedding/example.ts';
import { featuresOf } from '../pipeline/routing/complexity/embedding/features.ts';
import { encodedText } from '../pipeline/routing/complexity/embedding/make-example.ts';
import type { ComplexityQuestion } from '../pipeline/routing/complexity/question.ts';
import { signalsOf } from '../pipeline/routing/complexity/rules/signals.ts';
import { PostgresExampleStore } from '../pipeline/routing/examples/postgres-example-store.ts';
import type { Database } from '../storage/database/database.ts';

/** How demanding requests are by the labelled examples of their model. */
export interface ExampleScores {
  /** 0 to 1; undefined where there are too few examples, or none is near. */
  readonly scoreOf: (model: string, question: ComplexityQuestion) => Promise<number | undefined>;
}

/** Undefined where no model has enough examples. @throws storage_unavailable */
export async function openExampleScores(
  { orm }: Pick<Database, 'orm'>,
  encoderFolder: string | undefined,
): Promise<ExampleScores | undefined> {
  const store = new PostgresExampleStore(orm);
  const counts = new Map<string, number>();
  for (const { model, count } of await store.counts()) counts.set(model, (counts.get(model) ?? 0) + count);
  if (![...counts.values()].some((count) => count >= FEWEST_EXAMPLES)) return undefined;
  const classifiers = new Map<string, Classifier>();
  for (const { model, example } of await store.since(new Date(0), MOST_EXAMPLES)) {
    const name = nameOf(model, example.space);
    const classifier = classifiers.get(name) ?? new Classifier(example.vector.length);
    classifiers.set(name, classifier);
    classifier.learn(example);
  }
  for (const classifier of classifiers.values()) classifier.fit([]);
  const encoders = await openEncoders(encoderFolder);
  return {
    async scoreOf(model, question) {
      const text = encodedText(question);
      const encoder = encoders.of(text);
      const classifier = classifiers.get(nameOf(model, encoder.space));
      if (!classifier || text.trim() === '') return undefined;
      const [vector] = await encoder.encode([text]);
      const predicted = vector && classifier.predict(vector, featuresOf(signalsOf(question)));
      return predicted && scoreOfLoss(predicted.loss);
    },
  };
}

/** Vectors of different spaces are never compared. */
function nameOf(model: string, space: string): string {
  return JSON.stringify([model, space]);
}
