/** Where a value stands in a {@link LinkedList}. */
export interface ListNode<Value> {
  readonly value: Value;
  previous: ListNode<Value> | undefined;
  next: ListNode<Value> | undefined;
}

/** A list from whose middle a value leaves without a search. */
export class LinkedList<Value> {
  #first: ListNode<Value> | undefined;
  #last: ListNode<Value> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): ListNode<Value> | undefined {
    return this.#first;
  }

  get last(): ListNode<Value> | undefined {
    return this.#last;
  }

  append(value: Value): ListNode<Value> {
    const node: ListNode<Value> = { value, previous: this.#last, next: undefined };
    if (this.#last) this.#last.next = node;
    else this.#first = node;
    this.#last = node;
    this.#size += 1;
    return node;
  }

  /** The node must be in this list. */
  remove({ previous, next }: ListNode<Value>): void {
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    this.#size -= 1;
  }
}
