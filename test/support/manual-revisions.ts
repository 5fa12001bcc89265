import type { FollowedState, Revisions } from '../../src/storage/revisions/revision-follower.ts';

/** Loads what is followed at the start, and again whenever the test says so. */
export class ManualRevisions implements Revisions {
  readonly states: FollowedState[] = [];

  async follow(state: FollowedState): Promise<void> {
    await state.refresh();
    this.states.push(state);
  }

  async refresh(): Promise<void> {
    for (const state of this.states) await state.refresh();
  }
}
