export const CONSOLE = '/console/';
const MOST_LENGTH = 500;
const ANY_ORIGIN = 'http://gateway.invalid';

/** Where to go on after signing in: a page of the console, and nothing else whatever is asked for. */
export function localPath(asked: unknown): string {
  if (typeof asked !== 'string' || asked.length > MOST_LENGTH || !URL.canParse(asked, ANY_ORIGIN)) return CONSOLE;
  const { origin, pathname, search, hash } = new URL(asked, ANY_ORIGIN);
  const isOurs = origin === ANY_ORIGIN && asked.startsWith(CONSOLE) && pathname.startsWith(CONSOLE);
  return isOurs ? pathname + search + hash : CONSOLE;
}
