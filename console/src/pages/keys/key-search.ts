import type { ApiKey } from './key-list.tsx';

type Searched = Pick<ApiKey, 'id' | 'hint' | 'project' | 'user' | 'models'>;

/** Whether each word stands somewhere in what a key is known by; its end may be pasted with or without `…`. */
export function keyHas({ id, hint, project, user, models }: Searched, words: string): boolean {
  const text = [id, hint, project, user ?? '', ...(models ?? [])].join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/[\s…]+/)
    .every((word) => text.includes(word));
}
