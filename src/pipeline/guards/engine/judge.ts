import type { Call } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Place } from '../../../core/screening.ts';

/** A text that somebody is asked about. */
export interface JudgedText {
  readonly text: string;
  readonly place: Place;
  /** On whose behalf: who pays, who may not be shown it, and whose end ends it. */
  readonly call: Call;
  /** Milliseconds until it is given up. */
  readonly allowedMs: number;
}

export interface Judgement {
  /** 0 to 1: how surely the text must not be there. */
  readonly score: number;
  /** The same by category, as the judge names them. */
  readonly categories: Readonly<Record<string, number>>;
  /** For the verdict: which stage of a cascade it ended at, the id of a service's request. Never texts of clients. */
  readonly detail?: JsonObject;
}

/** A model or a service that is asked about texts. */
export interface Judge {
  /**
   * @throws JudgeFailed where it does not say; whoever asks decides what follows
   * @throws JudgeNotAllowed where it may not see the call, and was not asked
   */
  ask(asked: JudgedText): Promise<Judgement>;
}

/** A judge did not say. The message is for operators, and has no text of a client. */
export class JudgeFailed extends Error {
  override readonly name = 'JudgeFailed';
}

/** A judge may not be shown the call, which is confined to other targets; it was not asked. The message is for operators. */
export class JudgeNotAllowed extends Error {
  override readonly name = 'JudgeNotAllowed';
}
