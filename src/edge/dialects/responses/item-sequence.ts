/** What an item of an answer is when it begins. A message has one part. */
export type Item =
  | { readonly type: 'message'; readonly part: 'output_text' | 'refusal' }
  | { readonly type: 'reasoning'; readonly redacted: string | undefined }
  | { readonly type: 'function_call'; readonly callId: string; readonly name: string };

/** What there is of an item when it ends. */
export interface EndedItem {
  readonly text: string;
  /** Of reasoning, where the provider gave one. */
  readonly signature: string | undefined;
  /** The last of the answer, which is cut where the answer is. */
  readonly isLast: boolean;
}

/** Gets the items of an answer, one after the other: each is opened, filled and closed before the next. */
export interface ItemSink {
  open(at: number, item: Item): void;
  /** Text, a summary, or a piece of a call's arguments, as the item is. */
  fill(at: number, item: Item, text: string): void;
  close(at: number, item: Item, ended: EndedItem): void;
}

interface Growing {
  readonly key: string;
  readonly item: Item;
  readonly waiting: string[];
  text: string;
  signature: string | undefined;
  ended: boolean;
}

/**
 * Puts items that may grow at the same time (parallel calls) one after the other, in the order in which they began:
 * what comes for an item that is not yet open waits. All but calls end as soon as another item begins. The end of an
 * item is written when something follows it, so that the last one is known.
 */
export class ItemSequence {
  readonly #sink: ItemSink;
  /** The first is the open one; the others wait for it to end. */
  readonly #items: Growing[] = [];
  readonly #growing = new Map<string, Growing>();
  #opened = 0;
  #isOpen = false;
  #isOver = false;

  constructor(sink: ItemSink) {
    this.#sink = sink;
  }

  /** Begins an item; `key` names it until it ends. */
  begin(key: string, item: Item): void {
    this.end(key);
    for (const other of this.#growing.values()) if (other.item.type !== 'function_call') this.#close(other);
    const growing: Growing = { key, item, waiting: [], text: '', signature: undefined, ended: false };
    this.#items.push(growing);
    this.#growing.set(key, growing);
    this.#advance();
  }

  has(key: string): boolean {
    return this.#growing.has(key);
  }

  /** Adds to a growing item; nothing happens where there is none of that key. */
  add(key: string, text: string): void {
    const growing = this.#growing.get(key);
    if (!growing) return;
    grow(growing, text);
    this.#advance();
  }

  /** The last signature of an item counts. */
  sign(key: string, signature: string): void {
    const growing = this.#growing.get(key);
    if (growing) growing.signature = signature;
  }

  end(key: string): void {
    const growing = this.#growing.get(key);
    if (growing) this.#close(growing);
    this.#advance();
  }

  /** The answer is over. */
  endAll(): void {
    for (const growing of this.#growing.values()) this.#close(growing);
    this.#isOver = true;
    this.#advance();
  }

  /** Clients parse arguments as JSON, so none at all are an empty object. */
  #close(growing: Growing): void {
    if (growing.item.type === 'function_call' && growing.text.trim() === '') grow(growing, '{}');
    growing.ended = true;
    this.#growing.delete(growing.key);
  }

  #advance(): void {
    for (let first = this.#items[0]; first !== undefined; first = this.#items[0]) {
      this.#write(first);
      const isLast = this.#items.length === 1;
      if (!first.ended || (isLast && !this.#isOver)) return;
      this.#sink.close(this.#opened, first.item, { text: first.text, signature: first.signature, isLast });
      this.#items.shift();
      this.#opened += 1;
      this.#isOpen = false;
    }
  }

  #write({ item, waiting }: Growing): void {
    if (!this.#isOpen) this.#sink.open(this.#opened, item);
    this.#isOpen = true;
    for (const text of waiting) this.#sink.fill(this.#opened, item, text);
    waiting.length = 0;
  }
}

function grow(growing: Growing, text: string): void {
  growing.waiting.push(text);
  growing.text += text;
}
