import { Toaster as Sonner, toast as sonner } from 'sonner';

import { messageOf } from '../api/api-error.ts';
import { useTheme } from '../shell/theme.ts';

/** A word on what was just done. Errors that somebody must act on stand in the page instead. */
export const toast = {
  good: (text: string) => sonner.success(text),
  bad: (thrown: unknown) => sonner.error(messageOf(thrown), { duration: 8000 }),
  plain: (text: string) => sonner(text),
};

export function Toaster() {
  return <Sonner theme={useTheme()} position="bottom-right" closeButton />;
}
