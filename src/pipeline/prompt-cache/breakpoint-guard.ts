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

/** A group, and whether breakpoints are placed in its requests now. */
export interface BreakpointView extends BreakpointGroup, BreakpointBalance {
  readonly isPlacing: boolean;
}

interface Watched {
  readonly group: BreakpointGroup;
  balance: BreakpointBalance;
}

/** Names of models come from clients. */
const MOST_GROUPS = 5000;

/** Stops placing breakpoints where what is written to the provider's prompt cache is not read again. */
export class BreakpointGuard {
  readonly #groups = new BoundedMap<Watched>(MOST_GROUPS);

  /** Whether the next request of the group has them placed; each request asks once for each attempt. */
  mayPlace(group: BreakpointGroup): boolean {
    const watched = this.#groups.get(nameOf(group));
    if (!watched) return true;
    watched.balance = nextRequest(watched.balance);
    return !isLosing(watched.balance);
  }

  /** @param usage as the provider reports it, of an attempt that had them placed */
  learn(group: BreakpointGroup, usage: Usage): void {
    const name = nameOf(group);
    const watched = this.#groups.get(name) ?? { group, balance: NEW_BALANCE };
    watched.balance = settledWith(watched.balance, usage);
    this.#groups.set(name, watched);
  }

  /** Groups that had some placed, the latest last. */
  view(): BreakpointView[] {
    return [...this.#groups.values()].map(({ group, balance }) => ({
      ...group,
      ...balance,
      isPlacing: !isLosing(balance),
    }));
  }
}

function nameOf({ project, requestModel, target }: BreakpointGroup): string {
  return JSON.stringify([project, requestModel, target]);
}
