import type { Principal } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Operator } from '../../core/operator.ts';
import type { RecordPolicy } from '../journal/record.ts';
import { redactTexts } from '../redaction/redact-texts.ts';
import { timeOfTraceId } from '../traces/trace-time.ts';
import type { AttributedFeedback, FeedbackRow, Opinion, SentFeedback, TraceOwner } from './feedback.ts';
import type { FeedbackStore, Outcome } from './feedback-store.ts';

/** Who sends feedback: the holder of a key, or an operator. */
export type Teller = Principal | Operator;

export function isOperator(teller: Teller): teller is Operator {
  return 'role' in teller;
}

export interface FeedbackDeps {
  readonly store: Pick<FeedbackStore, 'ownerOf' | 'save'>;
  /** What waits for the database; a trace may be among it. */
  readonly writer: {
    flush(timeoutMs: number): Promise<void>;
    /** How long the oldest of it has waited. */
    stats(): { readonly oldestAgeMs: number };
  };
  readonly policyOf: (project: string | undefined) => RecordPolicy;
  readonly clock: Clock;
  /** An opinion was told, or another than before. */
  readonly counted?: (thumb: Opinion['thumb']) => void;
  /** The first word of somebody on an answer of something that is tried; a change of mind does not count again. */
  readonly attributed?: (told: AttributedFeedback) => void;
  /** What somebody said of an answer, 0 to 1; also where they say something else than before. */
  readonly heard?: (opinion: { readonly traceId: string; readonly score: number }) => void;
}

const FLUSH_MS = 5000;
/** A trace that is older is in the database, unless others wait as long. */
const ON_ITS_WAY_MS = 60_000;

/** Takes what is said of answers. */
export class FeedbackDesk {
  readonly #deps: FeedbackDeps;

  constructor(deps: FeedbackDeps) {
    this.#deps = deps;
  }

  /** @throws resource_not_found where there is no such trace, or it is not the teller's; storage_unavailable */
  async take(sent: SentFeedback, teller: Teller): Promise<{ readonly row: FeedbackRow; readonly outcome: Outcome }> {
    const { store, clock, policyOf, counted, attributed, heard } = this.#deps;
    const owner = await this.#ownerOf(sent.traceId);
    if (!owner || !maySpeakOf(owner, teller)) {
      throw new GatewayError('resource_not_found', {
        message: `There is no trace "${sent.traceId}". It is the x-causeway-request-id of an answer to one of your requests.`,
        param: 'trace_id',
      });
    }
    const now = new Date(clock.now());
    const taken = await store.save({
      traceId: sent.traceId,
      author: authorOf(sent, teller),
      project: owner.project,
      ...keptOpinion(sent, policyOf(owner.project ?? undefined)),
      createdAt: now,
      updatedAt: now,
    });
    if (taken.outcome !== 'same') counted?.(taken.row.thumb);
    const score = scoreOf(taken.row);
    if (taken.outcome !== 'same' && score !== undefined) heard?.({ traceId: sent.traceId, score });
    if (taken.outcome === 'created' && score !== undefined && owner.rollouts.length > 0) {
      attributed?.({ traceId: sent.traceId, owner, score });
    }
    return taken;
  }

  async #ownerOf(traceId: string): Promise<TraceOwner | undefined> {
    const { store, clock } = this.#deps;
    const known = await store.ownerOf(traceId);
    const at = timeOfTraceId(traceId);
    if (known || at === undefined) return known;
    if (Math.abs(clock.now() - at) > ON_ITS_WAY_MS) return this.#requireNoBacklog();
    return this.#ownerOfLate(traceId);
  }

  /** A trace of a moment ago may be on its way to the database. */
  async #ownerOfLate(traceId: string): Promise<TraceOwner | undefined> {
    const { store, writer, clock } = this.#deps;
    const begunAt = clock.monotonic();
    await writer.flush(FLUSH_MS);
    const found = await store.ownerOf(traceId);
    if (found || clock.monotonic() - begunAt < FLUSH_MS) return found;
    throw notYet();
  }

  /** Whoever sends old or made-up ids makes nothing wait and nothing be written. */
  #requireNoBacklog(): undefined {
    if (this.#deps.writer.stats().oldestAgeMs > ON_ITS_WAY_MS) throw notYet();
  }
}

function notYet(): GatewayError {
  return new GatewayError('storage_unavailable', {
    message: 'The record of this request may not be in the database yet. Send the feedback again later.',
  });
}

/**
 * The key that made the request, and every key of its project that belongs to nobody: an app may have one key for models
 * and another for its website. A key that belongs to a user speaks of this user's requests alone.
 */
function maySpeakOf({ project, keyId, userId }: TraceOwner, teller: Teller): boolean {
  if (isOperator(teller) || teller.keyId === keyId) return true;
  return teller.project === project && (teller.user === undefined || teller.user === userId);
}

/** Whoever holds a user's own key is that user. An operator may speak for a user; else they speak for themselves. */
function authorOf({ user }: SentFeedback, teller: Teller): string {
  const named = (isOperator(teller) ? undefined : teller.user) ?? user;
  if (named !== undefined) return `user:${named}`;
  if (!isOperator(teller)) return `key:${teller.keyId}`;
  return teller.by === 'admin-key' ? 'admin' : `operator:${teller.name}`;
}

/** A score says more than a thumb. */
function scoreOf({ score, thumb }: Opinion): number | undefined {
  if (score !== null) return score;
  return thumb === null ? undefined : Number(thumb === 'up');
}

/** As the texts of the project's traces are kept; hashes of comments would serve nobody. */
function keptOpinion({ thumb, score, comment, tags }: Opinion, { bodies }: RecordPolicy): Opinion {
  if (bodies === 'full') return { thumb, score, comment, tags };
  const keepsTexts = bodies === 'redacted' && comment !== null;
  return {
    thumb,
    score,
    comment: keepsTexts ? redactTexts(comment) : null,
    tags: tags && [...new Set(tags.map(redactTexts))],
  };
}
