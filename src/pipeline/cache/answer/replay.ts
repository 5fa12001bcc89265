import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import type { FinishReason, StreamEvent, Terminal } from '../../../core/events.ts';
import { type Reply, type ReplyStream, type StreamItem, endedStream } from '../../../core/reply.ts';
import { addCausewayHeaders, costHeader } from '../../../core/reply-headers.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import { EVENT_STREAM, isInference, isVerbatimOnly } from './form.ts';
import { framesOf, joined, wholeInFrames } from './frames.ts';
import { withOwnEcho } from './own-echo.ts';
import { pacedStream } from './paced-stream.ts';
import { readWhole, relayingWire } from '../../../models/answers/provider-wire.ts';
import { isSaidInEvents } from './said.ts';
import type { AnswerContent, StoredAnswer } from './stored-answer.ts';
import { type Piece, piecesOf, piecesOfFrames } from './token-pieces.ts';

export interface ReplayDeps {
  catalog(): ModelCatalog;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

type Content<Kind extends AnswerContent['kind']> = Extract<AnswerContent, { kind: Kind }>;

/** An answer, and for whom it is. `say` tells the call what it gets, before its headers are made. */
interface Replay {
  readonly deps: ReplayDeps;
  readonly call: Call;
  readonly answer: StoredAnswer;
  readonly say: () => void;
}

/**
 * A kept answer as this client gets it: as it came, or, where it was kept as a stream and is wanted whole or the other
 * way round, written anew.
 * @param say called where there is a reply, before its headers are made
 * @returns undefined where something of it would be lost on the way; then it is as if it was not kept
 */
export function replay(deps: ReplayDeps, call: Call, answer: StoredAnswer, say: () => void): Reply | undefined {
  const given: Replay = { deps, call, answer, say };
  const { content } = answer;
  switch (content.kind) {
    case 'vectors':
      say();
      return { kind: 'vectors', ...whole(given), answer: content.answer };
    case 'events':
      return ofEvents(given, content);
    default: {
      const { contentType } = content;
      const own: Content<'bytes'> = { kind: 'bytes', contentType, body: withOwnEcho(call, content) };
      return contentType.startsWith(EVENT_STREAM) ? ofFrames(given, own) : ofBytes(given, own);
    }
  }
}

function ofBytes(given: Replay, { body, contentType }: Content<'bytes'>): Reply | undefined {
  const { deps, call, answer } = given;
  if (!call.facts.stream) {
    given.say();
    const { status, headers, terminal } = whole(given, contentType);
    return { kind: 'whole', status, headers, terminal, body };
  }
  if (isVerbatimOnly(call)) return undefined;
  const read = readWhole(deps.catalog(), call, answer.target, body);
  if (!read || !isSaidInEvents(call, read.json, read.events)) return undefined;
  return streamOfEvents(given, read.events, true);
}

function ofFrames(given: Replay, { body }: Content<'bytes'>): Reply | undefined {
  const { deps, call, answer } = given;
  if (!call.facts.stream) {
    const said = wholeInFrames(call, body);
    if (!said) return undefined;
    given.say();
    return { kind: 'whole', ...whole(given), body: Buffer.from(JSON.stringify(said)) };
  }
  const wire = relayingWire(deps.catalog(), call, answer.target);
  const items = wire && framesOf(call, wire, body);
  if (!items) return undefined;
  given.say();
  const stream = streamOf(
    given,
    () => piecesOfFrames(items),
    () => joined(items),
  );
  return { kind: 'stream', ...streamed(given), translated: false, stream };
}

function ofEvents(given: Replay, { events, rewritten }: Content<'events'>): Reply | undefined {
  if (!isInference(given.call)) return undefined;
  if (given.call.facts.stream) return streamOfEvents(given, events, rewritten);
  // A whole answer of the provider would have said it.
  if (rewritten && !given.answer.usage) return undefined;
  given.say();
  return { kind: 'translated', ...whole(given), rewritten, events };
}

function streamOfEvents(given: Replay, kept: readonly StreamEvent[], rewritten: boolean): Reply | undefined {
  if (!isInference(given.call)) return undefined;
  const events = withUsageAhead(kept);
  given.say();
  const stream = streamOf(
    given,
    () => piecesOf(events),
    () => ({ events }),
  );
  return { kind: 'stream', ...streamed(given), translated: true, ...(rewritten ? { rewritten } : {}), stream };
}

/** What a message begins with is what its prompt took, where that is known by then. */
function withUsageAhead(events: readonly StreamEvent[]): readonly StreamEvent[] {
  const [first] = events;
  const usage = events.find(({ type }) => type === 'usage');
  if (first?.type !== 'message-start' || !usage) return events;
  return [first, usage, ...events.slice(1).filter((event) => event !== usage)];
}

/** Paced where the model's settings say so, else in one piece. */
function streamOf(
  { deps, call, answer }: Replay,
  pieces: () => Iterator<Piece, void>,
  all: () => StreamItem,
): ReplyStream {
  const tokensPerSecond = call.assignment?.cache?.tokensPerSecond;
  const ending = endingOf(answer);
  if (tokensPerSecond !== undefined) return pacedStream(pieces(), ending, { ...deps, tokensPerSecond });
  return endedStream([all()], ending);
}

interface Whole {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly terminal: Terminal;
}

function whole({ call, answer }: Replay, contentType = 'application/json'): Whole {
  const headers = costHeader(call);
  headers['content-type'] = contentType;
  return { status: 200, headers: addCausewayHeaders(call, headers), terminal: endingOf(answer) };
}

function streamed({ call }: Replay): Omit<Whole, 'terminal'> {
  // What it costs is known before it begins.
  const headers = costHeader(call);
  headers['content-type'] = EVENT_STREAM;
  headers['cache-control'] = 'no-cache';
  return { status: 200, headers: addCausewayHeaders(call, headers) };
}

function endingOf({ finishReason, usage }: StoredAnswer): Terminal {
  return { kind: 'completed', finishReason: reasonOf(finishReason), usage };
}

function reasonOf(said: string | undefined): FinishReason | undefined {
  return said === 'stop' || said === 'tool-calls' ? said : undefined;
}
