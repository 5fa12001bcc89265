import type { StreamEvent } from '../../../core/events.ts';
import type { StreamItem } from '../../../core/reply.ts';

/** A piece of an answer, and about how many tokens it is. */
export interface Piece {
  readonly item: StreamItem;
  readonly tokens: number;
}

/** About a token each: a character of a script without spaces, else a word or a part of one, with the space before. */
const TOKEN =
  /\s*(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]|[\p{L}\p{M}\p{N}]{1,8}|[^\s\p{L}\p{M}\p{N}]{1,3})|\s+/gu;

/** A text in pieces of about a token; together they are the text. */
export function tokensOf(text: string): readonly string[] {
  return text.match(TOKEN) ?? [];
}

/** The events of an answer in pieces of about a token; what has no text goes with what follows. */
export function* piecesOf(events: readonly StreamEvent[]): Generator<Piece, void> {
  let waiting: StreamEvent[] = [];
  for (const event of events) {
    const parts = partsOf(event);
    if (!parts) {
      waiting.push(event);
      continue;
    }
    for (const part of parts) {
      yield { item: { events: [...waiting, part] }, tokens: 1 };
      waiting = [];
    }
  }
  if (waiting.length > 0) yield { item: { events: waiting }, tokens: 0 };
}

/** Frames as they were kept, each with the tokens of its texts. */
export function* piecesOfFrames(items: readonly StreamItem[]): Generator<Piece, void> {
  for (const item of items) {
    const tokens = item.events.reduce((sum, event) => sum + (textOf(event) === undefined ? 0 : tokensIn(event)), 0);
    yield { item, tokens };
  }
}

function tokensIn(event: StreamEvent): number {
  return tokensOf(textOf(event) ?? '').length;
}

/** Undefined for an event that is not cut. */
function partsOf(event: StreamEvent): StreamEvent[] | undefined {
  const text = textOf(event);
  if (text === undefined || text === '') return undefined;
  return tokensOf(text).map((part) =>
    'argumentsText' in event ? { ...event, argumentsText: part } : withText(event, part),
  );
}

function withText(event: StreamEvent, text: string): StreamEvent {
  return 'text' in event ? { ...event, text } : event;
}

function textOf(event: StreamEvent): string | undefined {
  if ('text' in event) return event.text;
  return 'argumentsText' in event ? event.argumentsText : undefined;
}
