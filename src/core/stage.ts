import type { Call } from './call.ts';
import type { Reply } from './reply.ts';

export type Handler = (call: Call) => Promise<Reply>;

/** One layer of the pipeline. It may answer by itself, change the call, or watch and change the reply of `next`. */
export interface Stage {
  readonly name: string;
  run(call: Call, next: Handler): Promise<Reply>;
}

/** Joins stages into one handler, the first outermost. Done once at start. */
export function compose(stages: readonly Stage[]): Handler {
  return stages.reduceRight<Handler>((next, stage) => (call) => stage.run(call, next), unanswered);
}

const unanswered: Handler = () => Promise.reject(new Error('no stage answered the call'));
