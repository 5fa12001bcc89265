import { readFileSync } from 'node:fs';

/** A regular expression for those who work on some pages: only these are looked at. */
const ONLY = new RegExp(process.env['CONSOLE_PAGES'] ?? '');

/** Every page that the console's router knows, as it stands there: `/requests/$traceId`. */
export function pagePaths(): string[] {
  const router = readFileSync(new URL('../../../console/src/router.tsx', import.meta.url), 'utf8');
  return [...router.matchAll(/^ {2}\['(\/[^']*)',/gm)].map(([, path = '']) => path).filter((path) => ONLY.test(path));
}

export interface Things {
  readonly traceId: string;
  readonly otherTraceId: string;
  readonly reviewId: string;
}

/** The address of a page, with something to show where it shows one thing. */
export function addressOf(path: string, { traceId, otherTraceId, reviewId }: Things): string {
  const names: Readonly<Record<string, string>> = {
    $traceId: traceId,
    $conversationId: 'conversation-0',
    $model: 'chat',
    $kind: 'canaries',
  };
  const id = path.startsWith('/rollouts') ? 'newer' : reviewId;
  const address = path.replaceAll(/\$\w+/g, (name) => names[name] ?? id);
  return path === '/requests/compare' ? `${address}?a=${traceId}&b=${otherTraceId}` : address;
}

/** A file's name of a page. */
export function nameOf(path: string): string {
  return path === '/' ? 'overview' : path.slice(1).replaceAll('/', '-').replaceAll('$', '');
}
