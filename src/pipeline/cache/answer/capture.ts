import type { Call } from '../../../core/call.ts';
import type { Terminal } from '../../../core/events.ts';
import type { EmbeddingAnswer } from '../../../core/inference/embedding.ts';
import type { Reply, StreamedReply, TranslatedReply, VectorsReply, WholeReply } from '../../../core/reply.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import type { CacheKey } from '../key/cache-key.ts';
import { cacheTagsOf } from '../request-mode.ts';
import { isFaultless, isGenerated } from './faultless.ts';
import { EVENT_STREAM } from './form.ts';
import { paidFor } from './paid.ts';
import { isPlainAnswer } from './plain-answer.ts';
import { eventsIn } from '../../../models/answers/provider-wire.ts';
import { hasSources } from './sources.ts';
import type { AnswerContent, AnswerLabels, StoredAnswer } from './stored-answer.ts';
import { StreamCapture } from './stream-capture.ts';

/** What an answer is kept under, and by whom. */
export interface Keeping {
  readonly catalog: ModelCatalog;
  readonly key: CacheKey;
  /** Epoch milliseconds at which the answer was asked for: a purge since then is of it, too. */
  readonly askedAt: number;
  /** How many warnings the call had before, which are its own. */
  readonly warned: number;
  now(): number;
  /** Milliseconds. */
  readonly ttl: number;
  /** Bytes; a larger answer is not kept. */
  readonly maxAnswer: number;
  /**
   * Called once or never, before the client hears that the answer has ended.
   * @param isGood whether it may be kept; it may where absent
   */
  keep(answer: StoredAnswer, isGood?: () => boolean): void;
}

/** Roughly what a number of a vector takes as text. */
const NUMBER_BYTES = 12;

/** Watches an answer on its way out, and keeps it where it came to a good end. Never throws, and changes nothing. */
export function capture(keeping: Keeping, call: Call, reply: Reply): void {
  if (reply.status !== 200) return;
  if (reply.kind === 'stream') {
    if (reply.framing !== 'bytes') captureStream(keeping, call, reply);
    return;
  }
  attempt(() => {
    if (reply.terminal.kind !== 'completed') return;
    const content = contentOf(keeping, call, reply);
    if (content)
      keep(
        keeping,
        call,
        reply.terminal,
        content,
        content.kind === 'bytes' ? check(keeping, call, content) : undefined,
      );
  });
}

function captureStream(keeping: Keeping, call: Call, { stream, translated, rewritten = false }: StreamedReply): void {
  const watching = new StreamCapture(call, { translated, rewritten, most: keeping.maxAnswer });
  stream.observe({
    item: (item) => watching.add(item),
    terminal: (terminal) =>
      attempt(() => {
        const content = terminal.kind === 'completed' ? watching.content() : undefined;
        if (content) keep(keeping, call, terminal, content);
      }),
  });
}

type Bytes = Extract<AnswerContent, { readonly kind: 'bytes' }>;
type AtOnce = WholeReply | TranslatedReply | VectorsReply;

function contentOf(keeping: Keeping, call: Call, reply: AtOnce): AnswerContent | undefined {
  switch (reply.kind) {
    case 'whole':
      return bytesOf(keeping, reply);
    case 'vectors':
      return sizeOf(reply.answer) > keeping.maxAnswer ? undefined : { kind: 'vectors', answer: reply.answer };
    default: {
      const { events, rewritten = false } = reply;
      const isKept = isFaultless(events) && !events.some(({ type }) => type === 'other-content');
      return isKept && JSON.stringify(events).length <= keeping.maxAnswer
        ? { kind: 'events', events, rewritten }
        : undefined;
    }
  }
}

/** What a provider of the client's dialect sent. */
function bytesOf({ maxAnswer }: Keeping, reply: WholeReply): AnswerContent | undefined {
  if (reply.body.byteLength > maxAnswer) return undefined;
  const body = Buffer.from(reply.body.buffer, reply.body.byteOffset, reply.body.byteLength);
  const contentType = reply.headers['content-type'] ?? 'application/json';
  return { kind: 'bytes', contentType, body };
}

/** Whether it is what it should be; nothing of the call is held on to for that. */
function check({ catalog }: Keeping, call: Call, { contentType, body }: Bytes): (() => boolean) | undefined {
  const { dialect, operation, attempts } = call;
  if (!isGenerated(operation)) return undefined;
  const form = { dialect, operation };
  const target = attempts.shown?.opening.target ?? '';
  return () => {
    if (!contentType.startsWith(EVENT_STREAM) && isPlainAnswer(form, body)) return true;
    const events = eventsIn(catalog, form, target, body);
    return events !== undefined && isFaultless(events) && !hasSources(contentType, body);
  };
}

function sizeOf({ vectors }: EmbeddingAnswer): number {
  return vectors.reduce((sum, one) => sum + one.length * (typeof one === 'string' ? 1 : NUMBER_BYTES), 0);
}

function keep(keeping: Keeping, call: Call, terminal: Terminal, content: AnswerContent, isGood?: () => boolean): void {
  const { shown, all } = call.attempts;
  // It is what was left when nobody had a better answer; who asks again may get one.
  if (call.routing?.cascade?.stands === true) return;
  // What two models said together is nobody's answer.
  if (!shown || terminal.kind !== 'completed' || all.some(({ opening }) => opening.kind === 'continuation')) return;
  const warnings = call.warnings.slice(keeping.warned);
  const answer: StoredAnswer = {
    key: keeping.key.id,
    partition: keeping.key.partition,
    labels: labelsOf(call),
    storedAt: keeping.askedAt,
    expiresAt: keeping.now() + keeping.ttl,
    target: shown.opening.target,
    responseModel: shown.responseModel,
    simulated: shown.opening.simulated,
    finishReason: terminal.finishReason,
    usage: terminal.usage,
    costNanoUsd: paidFor(call.attempts).nanoUsd,
    ...(warnings.length > 0 ? { warnings } : {}),
    content,
  };
  keeping.keep(answer, isGood);
}

function labelsOf({ principal, facts, assignment, headers }: Call): AnswerLabels {
  return {
    project: principal?.project ?? '',
    user: facts.user ?? principal?.user,
    keyId: principal?.keyId ?? '',
    model: facts.model,
    promptVersion: assignment?.promptVersion,
    tags: cacheTagsOf(headers),
  };
}

/** An answer that is there is never spoilt because it could not be kept. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // It is asked for again.
  }
}
