import type { Call } from '../../../core/call.ts';
import type { Place } from '../../../core/screening.ts';
import { JudgeFailed, type Judgement, JudgeNotAllowed } from '../engine/judge.ts';
import type { AskingRun } from './guard-run.ts';

/** Beyond what a judge itself allows for its time. */
const GRACE_MS = 250;

/** The judges of one place of an answer, who are asked side by side. */
export class JudgePanel {
  readonly #call: Call;
  readonly #place: Place;
  readonly #runs: readonly AskingRun[];

  constructor(call: Call, place: Place, runs: readonly AskingRun[]) {
    this.#call = call;
    this.#place = place;
    this.#runs = runs;
  }

  get isEmpty(): boolean {
    return this.#runs.every(({ isOver }) => isOver);
  }

  /** Never rejects: what they say is on their runs. @returns whether one of them would have the text replaced */
  async ask(text: string): Promise<boolean> {
    const asked = this.#runs.filter(({ isOver }) => !isOver).map((run) => this.#askOne(run, text));
    const hits = await Promise.all(asked);
    return hits.includes('redact');
  }

  async #askOne(run: AskingRun, text: string): Promise<string | undefined> {
    const before = performance.now();
    run.looked = true;
    try {
      const judgement = await this.#judgementOf(run, text);
      return this.#note(run, judgement);
    } catch (error) {
      if (error instanceof JudgeNotAllowed) run.skip('the judge may not see this call');
      else run.fail(error instanceof JudgeFailed ? error.message : 'it threw');
      return undefined;
    } finally {
      run.micros += (performance.now() - before) * 1000;
    }
  }

  #note(run: AskingRun, { score, categories, detail }: Judgement): string | undefined {
    const { threshold } = run.guard;
    if (detail) run.detail = detail;
    run.scored(score);
    if (score <= 0 || score < threshold) return undefined;
    run.hit(
      score,
      Object.keys(categories).filter((name) => (categories[name] ?? 0) >= threshold),
    );
    return run.use.action;
  }

  /** A judge that forgets its own time is given up all the same. */
  #judgementOf({ guard: { judge, timeoutMs } }: AskingRun, text: string): Promise<Judgement> {
    const { promise, resolve, reject } = Promise.withResolvers<Judgement>();
    const asked = judge.ask({ text, place: this.#place, call: this.#call, allowedMs: timeoutMs });
    const timer = setTimeout(() => reject(new JudgeFailed('it took too long')), timeoutMs + GRACE_MS);
    asked.then(resolve, reject);
    return promise.finally(() => clearTimeout(timer));
  }
}
