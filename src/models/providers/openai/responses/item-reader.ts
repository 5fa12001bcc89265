import type { StreamEvent } from '../../../../core/events.ts';
import { markedSignature } from '../../../../core/inference/signatures.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../../../core/json.ts';
import { type OwnTools, type ToolItem, argumentsOf, toolItem } from './tool-items.ts';

type Kind = 'text' | 'reasoning' | 'refusal';

const CHOICE = 0;

/** Content that is not interpreted. */
export const OTHER: StreamEvent = { type: 'other-content', choice: CHOICE };

/** Reads one item of an answer, in pieces or in one. What came in pieces is not said again when the item is done. */
export class ItemReader {
  readonly #nextPart: () => number;
  readonly #tool: ToolItem | undefined;
  /** Our index of each part that something was said of, by its kind and its own index. */
  readonly #said = new Map<string, number>();
  #toolIndex = -1;
  #hasArguments = false;
  #done = false;

  /** @param nextPart gives the index of the next content part of the answer */
  constructor(item: JsonObject, own: OwnTools, nextPart: () => number) {
    this.#nextPart = nextPart;
    this.#tool = toolItem(item, own);
  }

  /** It is a call that the client has to run. */
  get isClientCall(): boolean {
    return this.#tool !== undefined && !this.#tool.served;
  }

  start(): StreamEvent[] {
    const tool = this.#tool;
    if (!tool) return [];
    const { id, name, served } = tool;
    this.#toolIndex = this.#nextPart();
    const start = { type: 'tool-call-start', choice: CHOICE, index: this.#toolIndex, id, name } as const;
    return [served ? { ...start, served } : start];
  }

  /** @param part the item's own number of the part */
  say(kind: Kind, part: unknown, text: string): StreamEvent[] {
    if (text === '') return [];
    const key = `${kind} ${Number(part) || 0}`;
    if (kind === 'refusal') {
      this.#said.set(key, 0);
      return [{ type: 'refusal-delta', choice: CHOICE, text }];
    }
    const index = this.#said.get(key) ?? this.#nextPart();
    this.#said.set(key, index);
    return [{ type: kind === 'text' ? 'text-delta' : 'reasoning-delta', choice: CHOICE, index, text }];
  }

  addArguments(argumentsText: string): StreamEvent[] {
    if (!this.#tool || argumentsText === '') return [];
    this.#hasArguments = true;
    return [{ type: 'tool-call-delta', choice: CHOICE, index: this.#toolIndex, argumentsText }];
  }

  /** @param item as it is in the end */
  finish(item: JsonObject): StreamEvent[] {
    if (this.#done) return [];
    this.#done = true;
    if (this.#tool) return this.#finishCall(item);
    if (item['type'] === 'message') return partsOf(item['content']).flatMap((part, at) => this.#finishPart(part, at));
    return item['type'] === 'reasoning' ? this.#finishReasoning(item) : [OTHER];
  }

  #finishCall(item: JsonObject): StreamEvent[] {
    const more = this.#hasArguments ? [] : this.addArguments(argumentsOf(item));
    return [...more, { type: 'tool-call-end', choice: CHOICE, index: this.#toolIndex }];
  }

  #finishPart(part: JsonObject, at: number): StreamEvent[] {
    if (part['type'] === 'refusal') return this.#sayOnce('refusal', at, part['refusal']);
    if (part['type'] !== 'output_text') return [OTHER];
    const { annotations } = part;
    const hasSources = Array.isArray(annotations) && annotations.length > 0;
    return [...this.#sayOnce('text', at, part['text']), ...(hasSources ? [OTHER] : [])];
  }

  /** Its summary, its text, and what seals it. */
  #finishReasoning(item: JsonObject): StreamEvent[] {
    const summary = partsOf(item['summary']);
    const said = [...summary, ...partsOf(item['content'])].flatMap((part, at) => {
      const own = at < summary.length ? at : contentPart(at - summary.length);
      return this.#sayOnce('reasoning', own, part['text']);
    });
    const sealed = asString(item['encrypted_content']);
    if (!sealed) return said;
    const last = [...this.#said.values()].at(-1);
    const signature = markedSignature('responses', sealed);
    const index = last ?? this.#nextPart();
    return [...said, { type: 'reasoning-signature', choice: CHOICE, index, signature, redacted: last === undefined }];
  }

  #sayOnce(kind: Kind, part: number, text: Json | undefined): StreamEvent[] {
    return this.#said.has(`${kind} ${part}`) ? [] : this.say(kind, part, asString(text) ?? '');
  }
}

/** A reasoning item has two lists of parts, each numbered by itself. */
const SUMMARY_PARTS = 1_000_000;

/** The number of a part of `content` of a reasoning item. */
export function contentPart(at: number): number {
  return SUMMARY_PARTS + at;
}

function partsOf(parts: Json | undefined): JsonObject[] {
  return Array.isArray(parts) ? parts.filter(isJsonObject) : [];
}
