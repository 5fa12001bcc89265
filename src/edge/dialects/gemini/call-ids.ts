interface OpenCall {
  readonly id: string;
  readonly name: string;
  /** The client sent the call without an id. */
  readonly isMade: boolean;
}

/**
 * Ids of the calls of one conversation. Clients of this API may leave them out; a result then belongs to the first call
 * of its function that has none yet. An id that is made here is the number of the call, so that the same conversation
 * has the same ids every time, however it goes on.
 */
export class CallIds {
  #open: OpenCall[] = [];
  #calls = 0;

  call(name: string, given: string | undefined): string {
    this.#calls += 1;
    const isMade = given === undefined || given === '';
    const id = isMade ? `call_${this.#calls}` : given;
    this.#open.push({ id, name, isMade });
    return id;
  }

  /** Undefined where the result has no id and no call is waiting for one. */
  result(name: string, given: string | undefined): string | undefined {
    const hasId = given !== undefined && given !== '';
    const call =
      (hasId ? this.#open.find(({ id }) => id === given) : undefined) ??
      this.#open.find((open) => open.name === name && (!hasId || open.isMade));
    if (call) this.#open = this.#open.filter((open) => open !== call);
    return call?.id ?? (hasId ? given : undefined);
  }
}
