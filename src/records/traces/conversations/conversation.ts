/** The requests of one id in one project; what is summed is of the time that was asked for. */
export interface Conversation {
  readonly id: string;
  readonly project: string | null;
  /** Of the latest request that has one. */
  readonly userId: string | null;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly requests: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadInputTokens: number | null;
  readonly cacheCreationInputTokens: number | null;
  readonly reasoningOutputTokens: number | null;
  readonly costNanoUsd: number;
  readonly costKnown: boolean;
  readonly models: readonly string[];
  /** Of the latest request that failed. */
  readonly lastError: string | null;
}

/** The same id in two projects is two conversations. */
export function keyOf({ project, id }: Pick<Conversation, 'project' | 'id'>): string {
  return JSON.stringify([project, id]);
}

/** The whole, of what is summed of an earlier and of a later time. */
export function joined(earlier: Conversation, later: Conversation): Conversation {
  return {
    id: later.id,
    project: later.project,
    userId: later.userId ?? earlier.userId,
    firstAt: earlier.firstAt,
    lastAt: later.lastAt,
    requests: earlier.requests + later.requests,
    inputTokens: added(earlier.inputTokens, later.inputTokens),
    outputTokens: added(earlier.outputTokens, later.outputTokens),
    cacheReadInputTokens: added(earlier.cacheReadInputTokens, later.cacheReadInputTokens),
    cacheCreationInputTokens: added(earlier.cacheCreationInputTokens, later.cacheCreationInputTokens),
    reasoningOutputTokens: added(earlier.reasoningOutputTokens, later.reasoningOutputTokens),
    costNanoUsd: earlier.costNanoUsd + later.costNanoUsd,
    costKnown: earlier.costKnown && later.costKnown,
    models: [...new Set([...earlier.models, ...later.models])].toSorted(),
    lastError: later.lastError ?? earlier.lastError,
  };
}

/** Tokens that nobody reported are null, which is not 0. */
function added(one: number | null, other: number | null): number | null {
  return one === null && other === null ? null : (one ?? 0) + (other ?? 0);
}
