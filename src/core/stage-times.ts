import type { Clock } from './clock.ts';
import { type Handler, type Stage, compose } from './stage.ts';

/** Which calls are timed stage by stage, and who is told. */
export interface StageTiming {
  /** One of so many; none where it is 0. */
  readonly oneOf: number;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** How long a call was in a stage and in none inside it, milliseconds. */
  took(stage: string, ownMs: number): void;
}

/** The same as `compose`, with every so-many-th call timed. Others cost a counter, or nothing where none is timed. */
export function composeTimed(stages: readonly Stage[], timing: StageTiming): Handler {
  const plain = compose(stages);
  const { oneOf } = timing;
  if (oneOf === 0) return plain;
  const timed = compose(stages.map((stage) => timedStage(stage, timing)));
  let left = oneOf;
  return (call) => {
    left -= 1;
    if (left > 0) return plain(call);
    left = oneOf;
    return timed(call);
  };
}

function timedStage(stage: Stage, timing: StageTiming): Stage {
  return {
    name: stage.name,
    async run(call, next) {
      const stay = new Stay(timing.clock);
      try {
        return await stage.run(call, (inner) => stay.inside(next, inner));
      } finally {
        timing.took(stage.name, stay.leave());
      }
    },
  };
}

/** One call in one stage. What it waits for is in its time, but for what stages inside it take. */
class Stay {
  readonly #clock: StageTiming['clock'];
  /** Up to here its time is counted. */
  #countedTo: number;
  #ownMs = 0;
  /** How many calls of it are further inside: one, but for those who ask several times at once. */
  #inside = 0;

  constructor(clock: StageTiming['clock']) {
    this.#clock = clock;
    this.#countedTo = clock.monotonic();
  }

  async inside(next: Handler, call: Parameters<Handler>[0]): ReturnType<Handler> {
    this.#turn();
    this.#inside += 1;
    try {
      return await next(call);
    } finally {
      this.#turn();
      this.#inside -= 1;
    }
  }

  /** @returns what was its own, milliseconds */
  leave(): number {
    this.#turn();
    return this.#ownMs;
  }

  #turn(): void {
    const now = this.#clock.monotonic();
    if (this.#inside === 0) this.#ownMs += now - this.#countedTo;
    this.#countedTo = now;
  }
}
