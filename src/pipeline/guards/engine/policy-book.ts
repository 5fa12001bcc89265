import type { Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { GuardPolicy, Policies } from './guard-policy.ts';

/** The policies in force, and what falls under them. It is replaced as a whole when the configuration changes. */
export class PolicyBook {
  #byName: ReadonlyMap<string, GuardPolicy> = new Map();
  #byProject: ReadonlyMap<string, string> = new Map();
  /** Which policies go together, so that a list of them is not made for each call: alone, and by the second one. */
  #alone = new Map<string, Policies>();
  #together = new Map<string, Map<string, Policies>>();

  replace(byName: ReadonlyMap<string, GuardPolicy>, byProject: ReadonlyMap<string, string>): void {
    this.#byName = byName;
    this.#byProject = byProject;
    this.#alone = new Map();
    this.#together = new Map();
  }

  /**
   * The project's first; undefined where it falls under none.
   * @throws guard_failed where it falls under one that is not there: nobody would look at it
   */
  of({ principal, assignment }: Pick<Call, 'principal' | 'assignment'>): Policies | undefined {
    const ofProject = principal && this.#byProject.get(principal.project);
    const ofModel = assignment?.guards;
    if (ofProject === undefined) return ofModel === undefined ? undefined : this.#one(ofModel);
    return ofModel === undefined || ofModel === ofProject ? this.#one(ofProject) : this.#both(ofProject, ofModel);
  }

  /** By name. */
  get all(): ReadonlyMap<string, GuardPolicy> {
    return this.#byName;
  }

  /** The projects that name a policy. */
  projectsOf(policy: string): string[] {
    return [...this.#byProject].filter(([, name]) => name === policy).map(([project]) => project);
  }

  #one(name: string): Policies {
    let policies = this.#alone.get(name);
    if (!policies) this.#alone.set(name, (policies = [this.#named(name)]));
    return policies;
  }

  #both(first: string, second: string): Policies {
    let seconds = this.#together.get(first);
    if (!seconds) this.#together.set(first, (seconds = new Map()));
    let policies = seconds.get(second);
    if (!policies) seconds.set(second, (policies = [this.#named(first), this.#named(second)]));
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
