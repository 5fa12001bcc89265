import type { StreamEvent } from '../../../core/events.ts';
import { asString, isJsonObject, parseJson } from '../../../core/json.ts';

/** A function that a model asked for. */
export interface SaidTool {
  readonly name: string;
  readonly arguments: string;
}

/** What an answer says, the first of several. */
export interface Said {
  readonly text: string;
  readonly tools: readonly SaidTool[];
}

/** Characters that are kept of an answer to compare it. */
const MOST_CHARS = 256 * 1024;
const MOST_TOOLS = 128;
/** `[` */
const LIST_BEGINS = 0x5b;

/** Puts together what is said, as far as it is compared. */
export class SaidCollector {
  #text = '';
  #isCut = false;
  readonly #tools = new Map<number, { readonly name: string; arguments: string }>();
  #room = MOST_CHARS;

  take(events: readonly StreamEvent[]): void {
    for (const event of events) this.#note(event);
  }

  /** Undefined where it is longer than what is compared. */
  get said(): Said | undefined {
    return this.#isCut ? undefined : { text: this.#text, tools: [...this.#tools.values()] };
  }

  #note(event: StreamEvent): void {
    if (!('choice' in event) || event.choice !== 0) return;
    if (event.type === 'text-delta') this.#text += this.#cut(event.text);
    else if (event.type === 'tool-call-start' && !event.served) this.#start(event.index, event.name);
    else if (event.type === 'tool-call-delta') {
      const tool = this.#tools.get(event.index);
      if (tool) tool.arguments += this.#cut(event.argumentsText);
    }
  }

  #start(index: number, name: string): void {
    if (this.#tools.size >= MOST_TOOLS) this.#isCut = true;
    else this.#tools.set(index, { name: this.#cut(name), arguments: '' });
  }

  #cut(text: string): string {
    const kept = text.slice(0, this.#room);
    this.#room -= kept.length;
    this.#isCut ||= kept.length < text.length;
    return kept;
  }
}

/** What events say. */
export function saidIn(events: readonly StreamEvent[]): Said | undefined {
  const collector = new SaidCollector();
  collector.take(events);
  return collector.said;
}

/**
 * What the record keeps of an answer that came as events: `[{ content, tool_calls? }]`.
 * @returns undefined where it is something else
 */
export function saidInRecord(output: Uint8Array): Said | undefined {
  if (output[0] !== LIST_BEGINS) return undefined;
  const answers = parseJson(Buffer.from(output.buffer, output.byteOffset, output.byteLength).toString('utf8'));
  const first = Array.isArray(answers) ? answers[0] : undefined;
  if (!isJsonObject(first)) return undefined;
  const { tool_calls: calls } = first;
  const tools = (Array.isArray(calls) ? calls : []).flatMap((call) =>
    isJsonObject(call) ? [{ name: asString(call['name']) ?? '', arguments: asString(call['arguments']) ?? '' }] : [],
  );
  return { text: asString(first['content']) ?? '', tools };
}
