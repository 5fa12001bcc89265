import type { Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
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

  /**
   * The project's first; undefined where it falls under none.
   * @throws guard_failed where it falls under one that is not there: nobody would look at it
   */
  of({ principal, assignment }: Pick<Call, 'principal' | 'assignment'>): Policies | undefined {
    const ofProject = principal && this.#byProject.get(principal.project);
    const ofModel = assignment?.guards;
    if (ofProject === undefined) return ofModel === undefined ? undefined : this.#both(ofModel, undefined);
    return this.#both(ofProject, ofModel === ofProject ? undefined : ofModel);
  }

  /** By name. */
  get all(): ReadonlyMap<string, GuardPolicy> {
    return this.#byName;
  }

  /** The projects that name a policy. */
  projectsOf(policy: string): string[] {
    return [...this.#byProject].filter(([, name]) => name === policy).map(([project]) => project);
  }

  #both(first: string, second: string | undefined): Policies {
    const key = `${first}\n${second ?? ''}`;
    let policies = this.#together.get(key);
    if (!policies) {
      policies = second === undefined ? [this.#named(first)] : [this.#named(first), this.#named(second)];
      this.#together.set(key, policies);
    }
    return policies;
  }

  #named(name: string): GuardPolicy {
    const policy = this.#byName.get(name);
    if (policy) return policy;
    throw new GatewayError('guard_failed', {
      message: `The policy of guards "${name}" is not in force. The operator has to look at the log of the gateway.`,
    });
  }
}
