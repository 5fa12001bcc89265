import type { Call } from '../../../core/call.ts';
import type { GuardPolicy, Policies } from './guard-policy.ts';

/** The policies in force, and what falls under them. It is replaced as a whole when the configuration changes. */
export class PolicyBook {
  #byName: ReadonlyMap<string, GuardPolicy> = new Map();
  #byProject: ReadonlyMap<string, string> = new Map();
  /** Which policies go together, so that a list of them is not made for each call. */
  #together = new Map<string, Policies>();

  replace(byName: ReadonlyMap<string, GuardPolicy>, byProject: ReadonlyMap<string, string>): void {
    this.#byName = byName;
    this.#byProject = byProject;
    this.#together = new Map();
  }

  /** Undefined where it falls under none. */
  of({ principal, assignment }: Pick<Call, 'principal' | 'assignment'>): Policies | undefined {
    if (this.#byName.size === 0) return undefined;
    const ofProject = principal && this.#byProject.get(principal.project);
    const ofModel = assignment?.guards;
    if (ofProject === undefined) return ofModel === undefined ? undefined : this.#both(ofModel, undefined);
    return this.#both(ofProject, ofModel);
  }

  get(name: string): GuardPolicy | undefined {
    return this.#byName.get(name);
  }

  #both(first: string, second: string | undefined): Policies | undefined {
    const key = `${first}\n${second ?? ''}`;
    const known = this.#together.get(key);
    if (known) return known;
    const one = this.#byName.get(first);
    const other = second === undefined || second === first ? undefined : this.#byName.get(second);
    const policies: Policies | undefined = one ? (other ? [one, other] : [one]) : other && [other];
    if (policies) this.#together.set(key, policies);
    return policies;
  }
}
