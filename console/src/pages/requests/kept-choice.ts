import { useCallback, useState } from 'react';

/** What somebody chose for this page, kept in this browser. Whatever else is there is not trusted. */
export function useKept<Value>(name: string, read: (kept: unknown) => Value): [Value, (value: Value) => void] {
  const [value, setValue] = useState(() => read(keptAs(name)));
  const keep = useCallback(
    (next: Value) => {
      setValue(next);
      try {
        localStorage.setItem(name, JSON.stringify(next));
      } catch {
        // A browser that keeps nothing for this site: the choice holds until the page is left.
      }
    },
    [name],
  );
  return [value, keep];
}

function keptAs(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null');
  } catch {
    return null;
  }
}
