import type { Screening, Verdict, VerdictOutcome } from '../../../core/screening.ts';
import type { Policies } from './guard-policy.ts';

/** What was found out about a request. */
interface Screened {
  readonly verdicts: readonly Verdict[];
  concealJson(bytes: Buffer): Buffer | undefined;
}

/** Outcomes after which a request, or its answer, is not what its client sent or reads. */
const TOUCHED: ReadonlySet<VerdictOutcome> = new Set(['redacted', 'blocked', 'review', 'repaired', 'failed']);
/** Guards that may put something else in the place of what they find. */
const REPLACING: ReadonlySet<string> = new Set(['pii', 'keywords']);

/** What policies are together, worked out once. */
interface Together {
  readonly names: readonly string[];
  readonly version: string;
  /** Something may be replaced in requests. */
  readonly redacts: boolean;
}

const known = new WeakMap<Policies, Together>();

function togetherOf(policies: Policies): Together {
  let together = known.get(policies);
  if (!together) {
    together = {
      names: policies.map(({ name }) => name),
      version: policies.map(({ version }) => version).join('+'),
      redacts: policies.some(({ scanning }) => scanning.some(({ actions }) => actions.input === 'redact')),
    };
    known.set(policies, together);
  }
  return together;
}

/** What guards did to one call, as it grows on its way. */
export class ScreenedCall implements Screening {
  readonly policies: readonly string[];
  version: string;
  readonly verdicts: Verdict[] = [];
  rewrites = false;
  changed = false;
  reviewId: string | undefined = undefined;
  readonly #redacts: boolean;
  #screened: Screened | undefined;

  constructor(policies: Policies) {
    const { names, version, redacts } = togetherOf(policies);
    this.policies = names;
    this.version = version;
    this.#redacts = redacts;
  }

  get touched(): boolean {
    return this.changed || this.rewrites || this.verdicts.some(({ outcome }) => TOUCHED.has(outcome));
  }

  get isWhollySeen(): boolean {
    if (!this.#redacts) return true;
    const looks = this.#screened?.verdicts.filter(({ guard }) => REPLACING.has(guard)) ?? [];
    return looks.length > 0 && looks.every(({ outcome }) => outcome !== 'failed' && outcome !== 'exempt');
  }

  /** Takes over what was found out about the request. @param noted what the record says of a verdict, if it is another */
  adopt(screened: Screened, noted: ((verdict: Verdict) => Verdict) | undefined): void {
    this.#screened = screened;
    for (const verdict of screened.verdicts) this.verdicts.push(noted ? noted(verdict) : verdict);
  }

  concealJson(bytes: Buffer): Buffer | undefined {
    const isRedacted = this.verdicts.some(({ outcome }) => outcome === 'redacted');
    return isRedacted && this.#screened ? this.#screened.concealJson(bytes) : bytes;
  }
}
