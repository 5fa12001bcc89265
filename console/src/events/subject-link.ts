/** Where one may look at what an event or a rule is about: an address of the console, with its filters. */
export interface SubjectLink {
  readonly to: string;
  readonly search: Readonly<Record<string, string>>;
}

/** Kinds of subjects by which requests can be filtered, by the name of the filter. */
const FILTERS = new Set(['model', 'virtual_model', 'target', 'project', 'organisation', 'user', 'key', 'endpoint']);
const ROLLOUTS = new Map([
  ['canary', 'canaries'],
  ['experiment', 'experiments'],
  ['shadow', 'shadows'],
]);
const BEFORE_MS = 3_600_000;
const AFTER_MS = 600_000;

/** @param at when it was told; requests of about that time are shown, else those of now */
export function subjectLink(subject: string, at?: string): SubjectLink | undefined {
  const colon = subject.indexOf(':');
  const [kind, name] = [subject.slice(0, colon), subject.slice(colon + 1)];
  if (colon <= 0 || name === '') return undefined;
  const rollouts = ROLLOUTS.get(kind);
  if (rollouts !== undefined) return { to: `/rollouts/${rollouts}/${encodeURIComponent(name)}`, search: {} };
  if (kind === 'guard') return { to: '/safety', search: {} };
  if (kind === 'provider') return { to: '/keys/providers', search: {} };
  return FILTERS.has(kind) ? { to: '/requests', search: { ...filterOf(kind, name), ...around(at) } } : undefined;
}

/** A user may be named with the project: `support/ada`. */
function filterOf(kind: string, name: string): Record<string, string> {
  const slash = name.indexOf('/');
  if (kind !== 'user' || slash <= 0) return { [kind]: name };
  const project = name.slice(0, slash).replaceAll('%2F', '/').replaceAll('%25', '%');
  return { project, user: name.slice(slash + 1) };
}

function around(at: string | undefined): Record<string, string> {
  if (at === undefined) return {};
  const told = Date.parse(at);
  return { since: new Date(told - BEFORE_MS).toISOString(), until: new Date(told + AFTER_MS).toISOString() };
}
