import type { Screening, Verdict } from '../../../core/screening.ts';
import type { Policies } from './guard-policy.ts';

/** What guards did to one call, as it grows on its way. */
export class ScreenedCall implements Screening {
  readonly policies: readonly string[];
  version: string;
  readonly verdicts: Verdict[] = [];
  rewrites = false;
  changed = false;
  reviewId: string | undefined = undefined;
  /** Set where something was replaced. */
  concealWith: ((text: string) => string) | undefined = undefined;

  constructor(policies: Policies) {
    this.policies = policies.map(({ name }) => name);
    this.version = policies.map(({ version }) => version).join('+');
  }

  get conceals(): boolean {
    return this.concealWith !== undefined && this.verdicts.some(({ outcome }) => outcome === 'redacted');
  }

  conceal(text: string): string {
    return this.concealWith ? this.concealWith(text) : text;
  }
}
