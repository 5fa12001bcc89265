import { crc32 } from 'node:zlib';

export const SUBJECT_KINDS = ['ip', 'key', 'user', 'project'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** Who is suspicious, or blocked. */
export interface Subject {
  readonly kind: SubjectKind;
  /** An address (of IPv6 its /64 network), a key's id, a user, a project. */
  readonly id: string;
  /** Of a user: the project whose user it is; any where absent. */
  readonly project?: string | undefined;
}

/** As events name it, each by another name: `key:key_3f9c…`, `user:support/ada`. */
export function subjectName({ kind, id, project }: Subject): string {
  return project === undefined ? `${kind}:${boundedId(id)}` : `${kind}:${withoutSlash(project)}/${boundedId(id)}`;
}

/** The first slash ends the project's name. */
function withoutSlash(project: string): string {
  return SLASH.test(project) ? project.replaceAll('%', '%25').replaceAll('/', '%2F') : project;
}

const SLASH = /[%/]/;

const MAX_ID_CHARS = 200;
/** With the checksum it is still not too long, so that doing it twice changes nothing. */
const KEPT_CHARS = 180;

/** The same for the same id, and never long: clients name their users as they like. */
export function boundedId(id: string): string {
  if (id.length <= MAX_ID_CHARS) return id;
  return `${id.slice(0, KEPT_CHARS)}…${crc32(id).toString(16)}`;
}
