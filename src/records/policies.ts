import type { RecordPolicy } from './journal/record.ts';
import type { RecordSettings } from './settings.ts';

/** How the records of a project are kept, from the settings in force. */
export function recordPolicies(
  settings: () => Readonly<RecordSettings>,
): (project: string | undefined) => RecordPolicy {
  let of: Readonly<RecordSettings> | undefined;
  let usual: RecordPolicy = policyOf(settings(), undefined);
  const known = new Map<string, RecordPolicy>();
  return (project) => {
    const now = settings();
    if (now !== of) {
      of = now;
      usual = policyOf(now, undefined);
      known.clear();
      for (const name of now.projects.keys()) known.set(name, policyOf(now, name));
    }
    return (project === undefined ? undefined : known.get(project)) ?? usual;
  };
}

/** A project that only says what is kept of its texts expires with all others. */
function policyOf(
  { bodies, sample, search, projects }: Readonly<RecordSettings>,
  project: string | undefined,
): RecordPolicy {
  const own = project === undefined ? undefined : projects.get(project);
  const isOfItsOwn = own !== undefined && (own.retention !== undefined || own.maxSize !== undefined);
  return {
    bodies: own?.bodies ?? bodies,
    sample: own?.sample ?? sample,
    retentionClass: isOfItsOwn ? (project ?? '') : '',
    search,
  };
}
