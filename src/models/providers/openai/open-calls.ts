import type { StreamEvent } from '../../../core/events.ts';
import { type JsonObject, asString, isJsonObject } from '../../../core/json.ts';

interface OpenCall {
  readonly id: string;
  readonly name: string;
  /** Our index of the content part. */
  readonly index: number;
}

/**
 * The tool calls of one answer, told apart by whatever the server numbers them with: the index, a new id, or, where
 * there is neither, the order.
 */
export class OpenCalls {
  readonly #choice: number;
  readonly #nextPart: () => number;
  /** By the server's own number. */
  readonly #open = new Map<number, OpenCall>();
  /** The server's number of the call that was read last. */
  #last = -1;

  constructor(choice: number, nextPart: () => number) {
    this.#choice = choice;
    this.#nextPart = nextPart;
  }

  /** `tool_calls` of a delta or message, or the one `function_call` of older servers. */
  read({ tool_calls: calls, function_call: older }: JsonObject): StreamEvent[] {
    if (Array.isArray(calls)) return calls.flatMap((call) => (isJsonObject(call) ? this.#readCall(call) : []));
    return isJsonObject(older) ? this.#readCall({ index: 0, function: older }) : [];
  }

  endAll(): StreamEvent[] {
    const ends = [...this.#open.values()].map(({ index }) => this.#end(index));
    this.#open.clear();
    return ends;
  }

  #readCall(call: JsonObject): StreamEvent[] {
    const fn = isJsonObject(call['function']) ? call['function'] : {};
    const id = asString(call['id']) ?? '';
    const name = asString(fn['name']) ?? '';
    const at = this.#numberOf(call, id, name);
    this.#last = at;
    const known = this.#open.get(at);
    const events: StreamEvent[] = [];
    if (known && isAnother(known, id, name)) events.push(this.#end(known.index));
    let open = events.length > 0 ? undefined : known;
    if (!open) {
      open = { id, name, index: this.#nextPart() };
      this.#open.set(at, open);
      events.push({ type: 'tool-call-start', choice: this.#choice, index: open.index, id, name });
    }
    const argumentsText = argumentsOf(fn);
    if (argumentsText !== '') {
      events.push({ type: 'tool-call-delta', choice: this.#choice, index: open.index, argumentsText });
    }
    return events;
  }

  #numberOf(call: JsonObject, id: string, name: string): number {
    if (typeof call['index'] === 'number') return call['index'];
    const known = id === '' ? undefined : [...this.#open].find(([, open]) => open.id === id)?.[0];
    if (known !== undefined) return known;
    const isMore = id === '' && name === '' && this.#open.has(this.#last);
    return isMore ? this.#last : Math.max(-1, ...this.#open.keys()) + 1;
  }

  #end(index: number): StreamEvent {
    return { type: 'tool-call-end', choice: this.#choice, index };
  }
}

/**
 * Some servers give every call the same number. A piece of a call may say its id again, and some servers make a new
 * id for each piece, but only the first piece of a call has a name.
 */
function isAnother(known: OpenCall, id: string, name: string): boolean {
  if (name === '') return false;
  return id === '' || known.id === '' ? name !== known.name : id !== known.id;
}

/** Some servers send the object itself. */
function argumentsOf(fn: JsonObject): string {
  const value = fn['arguments'];
  if (typeof value === 'string') return value;
  return isJsonObject(value) ? JSON.stringify(value) : '';
}
