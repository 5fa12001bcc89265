export const PURGE_FIELDS = ['model', 'project', 'user', 'tag', 'prompt_version', 'key'] as const;
export type PurgeField = (typeof PURGE_FIELDS)[number];
export type PurgeDraft = Readonly<Partial<Record<PurgeField, string>>>;

export type PurgeBody = PurgeDraft | { readonly all: true };

/** What is named in the form; everything only where that was said. Undefined: nothing yet. */
export function purgeBody(draft: PurgeDraft, isAll: boolean): PurgeBody | undefined {
  if (isAll) return { all: true };
  const named = PURGE_FIELDS.flatMap((field) => {
    const text = draft[field]?.trim() ?? '';
    return text === '' ? [] : [[field, text] as const];
  });
  return named.length === 0 ? undefined : Object.fromEntries(named);
}

/** What of it usage and savings can be asked by. */
export function purgeScope(body: PurgeBody): PurgeDraft {
  if ('all' in body) return {};
  const { model, project, user } = body;
  return {
    ...(model !== undefined && { model }),
    ...(project !== undefined && { project }),
    ...(user !== undefined && { user }),
  };
}
