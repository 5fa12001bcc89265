import { useState } from 'react';

import { ApiError, messageOf } from '../api/api-error.ts';

interface Submit {
  readonly busy: boolean;
  /** Runs a change; what it throws is kept to be shown. Resolves to whether it went well. */
  readonly submit: (run: () => Promise<unknown>) => Promise<boolean>;
  /** What is wrong with this field, by the gateway's word. */
  readonly errorAt: (field: string) => string | undefined;
  /** What is wrong and stands at none of these fields. */
  readonly errorBeside: (...fields: readonly string[]) => string | undefined;
  readonly clear: () => void;
}

/** A form that is sent: whether it is under way, and what was wrong with it, at the field where it was. */
export function useSubmit(): Submit {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const param = error instanceof ApiError ? error.param : undefined;
  const isAt = (field: string): boolean => param === field || param?.startsWith(`${field}.`) === true;
  return {
    busy,
    submit: async (run) => {
      setBusy(true);
      setError(undefined);
      try {
        await run();
        return true;
      } catch (thrown) {
        setError(thrown);
        return false;
      } finally {
        setBusy(false);
      }
    },
    errorAt: (field) => (error !== undefined && isAt(field) ? messageOf(error) : undefined),
    errorBeside: (...fields) => (error !== undefined && !fields.some(isAt) ? messageOf(error) : undefined),
    clear: () => setError(undefined),
  };
}
