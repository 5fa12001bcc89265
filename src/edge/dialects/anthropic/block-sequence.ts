/** What a content block is when it opens. */
export type Block =
  | { readonly type: 'text' }
  | { readonly type: 'thinking' }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string };

/** Gets the blocks of an answer, one after the other: each is opened, filled and closed before the next. */
export interface BlockSink {
  open(index: number, block: Block): void;
  /** Text, thinking, or a piece of a tool's arguments, as the block is. */
  fill(index: number, block: Block, text: string): void;
  /** `signature`: of thinking, where the provider gave one. */
  close(index: number, block: Block, signature: string | undefined): void;
}

interface Part {
  readonly key: string;
  readonly block: Block;
  readonly waiting: string[];
  signature: string | undefined;
  ended: boolean;
}

/**
 * Puts parts that may grow at the same time (parallel tool calls) one after the other, in the order in which they
 * began: what comes for a part that is not yet open waits. All but tool calls end as soon as another part begins.
 */
export class BlockSequence {
  readonly #sink: BlockSink;
  /** The first is the open one; the others wait for it to end. */
  #parts: Part[] = [];
  readonly #growing = new Map<string, Part>();
  #opened = 0;
  #isOpen = false;

  constructor(sink: BlockSink) {
    this.#sink = sink;
  }

  /** Begins a part; `key` names it until it ends. */
  begin(key: string, block: Block): void {
    this.end(key);
    for (const part of this.#growing.values()) if (part.block.type !== 'tool_use') this.#close(part);
    const part: Part = { key, block, waiting: [], signature: undefined, ended: false };
    this.#parts.push(part);
    this.#growing.set(key, part);
    this.#advance();
  }

  has(key: string): boolean {
    return this.#growing.has(key);
  }

  /** Adds to a growing part; nothing happens where there is none of that key. */
  add(key: string, text: string): void {
    this.#growing.get(key)?.waiting.push(text);
    this.#advance();
  }

  /** The last signature of a part counts. */
  sign(key: string, signature: string): void {
    const part = this.#growing.get(key);
    if (part) part.signature = signature;
  }

  end(key: string): void {
    const part = this.#growing.get(key);
    if (part) this.#close(part);
    this.#advance();
  }

  endAll(): void {
    for (const part of this.#growing.values()) this.#close(part);
    this.#advance();
  }

  #close(part: Part): void {
    part.ended = true;
    this.#growing.delete(part.key);
  }

  #advance(): void {
    for (let part = this.#parts[0]; part !== undefined; part = this.#parts[0]) {
      this.#write(part);
      if (!part.ended) return;
      this.#sink.close(this.#opened, part.block, part.signature);
      this.#parts.shift();
      this.#opened += 1;
      this.#isOpen = false;
    }
  }

  #write(part: Part): void {
    if (!this.#isOpen) this.#sink.open(this.#opened, part.block);
    this.#isOpen = true;
    for (const text of part.waiting) this.#sink.fill(this.#opened, part.block, text);
    part.waiting.length = 0;
  }
}
