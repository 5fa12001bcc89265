import { useMemo, useState } from 'react';

import type { Config } from './wire.ts';

/** A text that is not saved yet, and the version of the file that it was made of. */
interface Draft {
  readonly text: string;
  readonly version: string | null;
}

export interface DraftState {
  readonly text: string;
  /** Of the file that is edited. */
  readonly version: string | null;
  readonly isDirty: boolean;
  /** Somebody else saved the file since. */
  readonly isBehind: boolean;
  readonly write: (text: string) => void;
  /** What was written goes on, upon the file as it is now. */
  readonly keepOnTop: () => void;
  readonly drop: () => void;
}

/** How a draft stands to the file; without one, the file is followed. */
export function standing(draft: Draft | undefined, file: Pick<Config, 'text' | 'version'>) {
  if (!draft || draft.text === file.text) return { ...textOf(file), isDirty: false, isBehind: false };
  return { ...textOf(draft), isDirty: true, isBehind: draft.version !== file.version };
}

function textOf({ text, version }: Draft): Draft {
  return { text, version };
}

export function useDraft(file: Config): DraftState {
  const [draft, setDraft] = useState<Draft>();
  return useMemo(
    () => ({
      ...standing(draft, file),
      write: (text) => setDraft((before) => ({ text, version: before?.version ?? file.version })),
      keepOnTop: () => setDraft((before) => before && { ...before, version: file.version }),
      drop: () => setDraft(undefined),
    }),
    [draft, file],
  );
}
