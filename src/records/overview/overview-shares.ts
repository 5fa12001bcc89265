import { ERRORS, type ErrorOrigin } from '../../core/errors.ts';
import { storableText } from '../../storage/database/storable.ts';
import type { AttemptRecord, CallRecord } from '../journal/record.ts';
import { modelOf } from '../model-of.ts';
import { isOfModels, wasServed } from '../served.ts';
import { storableName } from '../traces/storable-text.ts';

/** How it went with a target that a request was sent to. */
interface AskedTarget {
  readonly target: string;
  /** Its name in the sums, where that is another one. */
  readonly shownAs?: string;
  /** Whose fault the last attempt was that failed there; undefined where none did. */
  readonly fault: ErrorOrigin | undefined;
  /** Nothing failed there, and nothing was completed. */
  readonly aborted: boolean;
}

/** What a request is in the sums of the overview, beside what its row says. */
export interface OverviewShare {
  readonly model: string;
  /** The model's name is none of the configuration: whoever asks may write any. */
  readonly isFreeName: boolean;
  /** It is somebody's request, and not one that the gateway made by itself. */
  readonly isAsked: boolean;
  /** How long it took says how well it was served. */
  readonly isTimed: boolean;
  readonly targets: readonly AskedTarget[];
}

/** The paths of what the gateway asks by itself begin so: it costs, and is nobody's experience. */
const OWN = 'causeway/';

/** Model of what clients asked for under names that nothing here serves, so that they cannot make any number of rows. */
const UNKNOWN = 'unknown';

export function overviewShareOf(record: CallRecord): OverviewShare {
  const isAsked = !record.endpoint.startsWith(OWN);
  const model = storableName(isMadeUp(record) ? UNKNOWN : modelOf(record)) ?? UNKNOWN;
  return {
    model,
    isFreeName: record.virtualModel === undefined && model !== UNKNOWN,
    isAsked,
    isTimed: isAsked && isOfModels(record) && wasServed(record),
    targets: isMadeUp(record) ? [] : targetsOf(record.attempts),
  };
}

/** A provider refused it, and the name is none of the configuration. */
function isMadeUp({ virtualModel, error }: CallRecord): boolean {
  return virtualModel === undefined && error?.origin === 'client';
}

function targetsOf(attempts: readonly AttemptRecord[]): AskedTarget[] {
  const byTarget = new Map<string, AttemptRecord[]>();
  for (const attempt of attempts) {
    const target = storableText(attempt.target);
    const before = byTarget.get(target);
    if (before) before.push(attempt);
    else byTarget.set(target, [attempt]);
  }
  return [...byTarget].map(([target, mine]) => {
    const failed = mine.findLast(({ outcome }) => outcome === 'failed');
    const aborted = !failed && mine.every(({ outcome }) => outcome === 'aborted');
    return { target, fault: failed && faultOf(failed), aborted };
  });
}

/** Records of other versions may name codes that this one does not know. */
function faultOf({ errorCode }: AttemptRecord): ErrorOrigin {
  return errorCode !== undefined && errorCode in ERRORS ? ERRORS[errorCode].origin : 'provider';
}
