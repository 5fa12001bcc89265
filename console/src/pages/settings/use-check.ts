import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { client } from '../../api/client.ts';
import type { Checked } from './wire.ts';

const PAUSE_MS = 400;

/** The text as it was when typing last paused. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}

async function check(text: string): Promise<Checked> {
  const { data } = await client.POST('/admin/v1/config/validate', { body: { text } });
  if (!data) throw new Error('nothing was answered');
  return data;
}

/** What is wrong with a text and what it would change, while it is written. */
export function useCheck(text: string, isDirty: boolean) {
  const paused = usePaused(text);
  const query = useQuery({
    queryKey: ['post', '/admin/v1/config/validate', paused],
    queryFn: () => check(paused),
    enabled: isDirty,
    placeholderData: keepPreviousData,
    // Many texts are looked at once.
    gcTime: 10_000,
  });
  const isCurrent = paused === text && !query.isPlaceholderData && !query.isFetching && query.data !== undefined;
  return { checked: isDirty ? query.data : undefined, isCurrent, error: isDirty ? query.error : null, query };
}
