import type { CacheOutcome, Saving } from '../../../core/caching.ts';
import type { Call, Target } from '../../../core/call.ts';
import { ERRORS, type ErrorCode, GatewayError, type ProviderRefusal } from '../../../core/errors.ts';
import type { StreamEvent, Terminal } from '../../../core/events.ts';
import type { EmbeddingAnswer } from '../../../core/inference/embedding.ts';
import type { Reply, StreamItem, StreamedReply } from '../../../core/reply.ts';
import type { Usage } from '../../../core/usage.ts';
import { savingBy } from './sharing.ts';

/** Who answered, and what the client has to be told beside the answer. */
export interface Origin extends Pick<CacheOutcome, 'target' | 'responseModel' | 'simulated'> {
  readonly answeredBy?: Target | undefined;
  readonly warnings: readonly string[];
}

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly origin: Origin;
}

type PlainTerminal =
  | Exclude<Terminal, { kind: 'failed' }>
  | { readonly kind: 'failed'; readonly error: PlainError; readonly usage?: Usage | undefined };

interface PlainError extends Pick<GatewayError, 'code' | 'message' | 'status' | 'param' | 'retryAfterMs'> {
  readonly refusal?: (Omit<ProviderRefusal, 'body'> & { readonly body: string }) | undefined;
}

/** An answer in one piece; the body of bytes in base64. */
type Piece =
  | { readonly kind: 'whole'; readonly body: string }
  | { readonly kind: 'translated'; readonly events: readonly StreamEvent[]; readonly rewritten?: boolean | undefined }
  | { readonly kind: 'vectors'; readonly answer: EmbeddingAnswer };

/** What one replica passes on to others of an answer. Bytes are base64. */
export type Entry =
  | (Head & {
      readonly type: 'stream';
      readonly translated: boolean;
      readonly rewritten?: boolean | undefined;
      readonly framing?: StreamedReply['framing'] | undefined;
    })
  | { readonly type: 'item'; readonly bytes?: string | undefined; readonly events: readonly StreamEvent[] }
  | { readonly type: 'end'; readonly terminal: PlainTerminal; readonly saving: Saving }
  | (Head & {
      readonly type: 'answer';
      readonly piece: Piece;
      readonly terminal: PlainTerminal;
      readonly saving: Saving;
    })
  | { readonly type: 'failed'; readonly error: PlainError; readonly wasTimed: boolean }
  /** It cannot be passed on. */
  | { readonly type: 'gone' };

export function encodeEntry(entry: Entry): string {
  return JSON.stringify(entry);
}

/** Undefined where it is none: another version may have written it. */
export function decodeEntry(text: string): Entry | undefined {
  try {
    return JSON.parse(text) as Entry;
  } catch {
    return undefined;
  }
}

function originOf(leader: Call, warnings: readonly string[]): Origin {
  const { shown } = leader.attempts;
  const { target, simulated } = shown?.opening ?? {};
  return { target, responseModel: shown?.responseModel, simulated, answeredBy: leader.answeredBy, warnings };
}

/** The first entry of an answer; all of it where it is in one piece. */
export function headEntry(leader: Call, warnings: readonly string[], reply: Reply): Entry {
  const { status, headers } = reply;
  const head = { status, headers: contentHeaders(headers), origin: originOf(leader, warnings) };
  if (reply.kind === 'stream') {
    const { translated, rewritten, framing } = reply;
    return { type: 'stream', ...head, translated, rewritten, framing };
  }
  const terminal = plainTerminal(reply.terminal);
  return { type: 'answer', ...head, piece: pieceOf(reply), terminal, saving: savingBy(leader) };
}

function contentHeaders({ 'content-type': type, 'cache-control': caching }: Reply['headers']): Record<string, string> {
  return {
    ...(type !== undefined && { 'content-type': type }),
    ...(caching !== undefined && { 'cache-control': caching }),
  };
}

function pieceOf(reply: Exclude<Reply, StreamedReply>): Piece {
  switch (reply.kind) {
    case 'whole':
      return { kind: 'whole', body: base64Of(reply.body) };
    case 'translated':
      return { kind: 'translated', events: reply.events, rewritten: reply.rewritten };
    default:
      return { kind: 'vectors', answer: reply.answer };
  }
}

/** Several items as one entry. */
export function itemEntry(items: readonly StreamItem[]): Entry {
  const bytes = items.flatMap((item) => (item.bytes ? [item.bytes] : []));
  const events = items.flatMap((item) => item.events);
  return { type: 'item', bytes: bytes.length > 0 ? Buffer.concat(bytes).toString('base64') : undefined, events };
}

export function endEntry(leader: Call, terminal: Terminal): Entry {
  return { type: 'end', terminal: plainTerminal(terminal), saving: savingBy(leader) };
}

export function failedEntry(error: GatewayError, wasTimed: boolean): Entry {
  return { type: 'failed', error: plainError(error), wasTimed };
}

/** The item that an entry is. */
export function itemOf({ bytes, events }: Extract<Entry, { type: 'item' }>): StreamItem {
  return bytes === undefined ? { events } : { bytes: Buffer.from(bytes, 'base64'), events };
}

/** The answer in one piece that an entry is, with the headers of who gets it. */
export function replyOf(entry: Extract<Entry, { type: 'answer' }>, headers: Record<string, string>): Reply {
  const { status, piece } = entry;
  const terminal = terminalOf(entry.terminal);
  switch (piece.kind) {
    case 'whole':
      return { kind: 'whole', status, headers, terminal, body: Buffer.from(piece.body, 'base64') };
    case 'translated': {
      const { events, rewritten } = piece;
      return { kind: 'translated', status, headers, terminal, events, ...(rewritten && { rewritten }) };
    }
    default:
      return { kind: 'vectors', status, headers, terminal, answer: piece.answer };
  }
}

function plainTerminal(terminal: Terminal): PlainTerminal {
  return terminal.kind === 'failed' ? { ...terminal, error: plainError(terminal.error) } : terminal;
}

export function terminalOf(terminal: PlainTerminal): Terminal {
  const usage = terminal.usage;
  if (terminal.kind === 'failed') return { kind: 'failed', error: errorOf(terminal.error), usage };
  if (terminal.kind === 'completed') return { kind: 'completed', finishReason: terminal.finishReason, usage };
  return { kind: 'failed', error: new GatewayError('stream_interrupted'), usage };
}

function plainError({ code, message, status, param, retryAfterMs, refusal }: GatewayError): PlainError {
  const shown = refusal && { ...refusal, body: base64Of(refusal.body) };
  return { code, message, status, param, retryAfterMs, refusal: shown };
}

export function errorOf({ code, message, status, param, retryAfterMs, refusal }: PlainError): GatewayError {
  return new GatewayError(isKnown(code) ? code : 'internal', {
    message,
    status,
    ...(param !== undefined && { param }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(refusal && { refusal: { ...refusal, body: Buffer.from(refusal.body, 'base64') } }),
  });
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
