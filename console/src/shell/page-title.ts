import { useEffect } from 'react';

const NAME = 'Causeway';

/** What the tab of the browser, its history and its bookmarks say: `Requests · Causeway`. */
export function usePageTitle(...parts: readonly (string | undefined)[]): void {
  const title = [...parts.filter((part) => part !== undefined && part !== ''), NAME].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
