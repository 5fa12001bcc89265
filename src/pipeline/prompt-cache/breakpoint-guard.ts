import { BoundedMap } from '../../core/bounded-map.ts';
import type { Usage } from '../../core/usage.ts';
import { type BreakpointBalance, NEW_BALANCE, isLosing, nextRequest, settledWith } from './breakpoint-balance.ts';

/** Requests that are alike enough to learn from each other. */
export interface BreakpointGroup {
  readonly project: string;
  readonly requestModel: string;
  /** `provider/model` */
  readonly target: string;
}

/** Names of models come from clients. */
const MOST_GROUPS = 5000;

/** Stops placing breakpoints where what is written to the provider's prompt cache is not read again. */
export class BreakpointGuard {
  readonly #groups = new BoundedMap<BreakpointBalance>(MOST_GROUPS);

  /** Whether the next request of the group has them placed; each request asks once for each attempt. */
  mayPlace(group: BreakpointGroup): boolean {
    const name = nameOf(group);
    const known = this.#groups.get(name);
    if (!known) return true;
    const balance = nextRequest(known);
    this.#groups.set(name, balance);
    return !isLosing(balance);
  }

  /** @param usage as the provider reports it, of an attempt that had them placed */
  learn(group: BreakpointGroup, usage: Usage): void {
    const name = nameOf(group);
    this.#groups.set(name, settledWith(this.#groups.get(name) ?? NEW_BALANCE, usage));
  }

  /** Whether they are placed in its requests now; undefined where none were. */
  isPlacing(group: BreakpointGroup): boolean | undefined {
    const balance = this.#groups.get(nameOf(group));
    return balance && !isLosing(balance);
  }
}

function nameOf({ project, requestModel, target }: BreakpointGroup): string {
  return JSON.stringify([project, requestModel, target]);
}
