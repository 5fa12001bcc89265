import type { ComplexityQuestion } from '../../pipeline/routing/complexity/question.ts';

/** Each needs a vector, which takes some milliseconds. */
const MOST_JUDGED = 1000;

interface Drawn {
  readonly at: number;
  readonly traceId: string;
  readonly question: ComplexityQuestion | undefined;
}

/** The questions of a model that are judged by examples: those with the lowest numbers of all. Bounded. */
export class DrawnQuestions {
  #drawn: Drawn[] = [];
  #highest = 1;

  /**
   * @param at the number that was drawn, 0 to 1
   * @param question undefined where its text was not kept, of which examples can say nothing
   */
  add(at: number, traceId: string, question: ComplexityQuestion | undefined): void {
    if (at >= this.#highest) return;
    this.#drawn.push({ at, traceId, question: question && copyOf(question) });
    if (this.#drawn.length < MOST_JUDGED * 1.5) return;
    this.#drawn = this.#lowest();
    this.#highest = this.#drawn.at(-1)?.at ?? 1;
  }

  /** By trace how demanding each is; 'unclear' where nobody can say. */
  async scores(
    judge: (question: ComplexityQuestion) => Promise<number | undefined>,
  ): Promise<ReadonlyMap<string, number | 'unclear'>> {
    const scores = new Map<string, number | 'unclear'>();
    for (const { traceId, question } of this.#lowest()) {
      scores.set(traceId, (question && (await judge(question))) ?? 'unclear');
    }
    return scores;
  }

  #lowest(): Drawn[] {
    return this.#drawn.toSorted((a, b) => a.at - b.at).slice(0, MOST_JUDGED);
  }
}

/** A piece of a text keeps all of it in memory. */
function copyOf(question: ComplexityQuestion): ComplexityQuestion {
  return { ...question, asked: copied(question.asked), system: copied(question.system) };
}

function copied(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
