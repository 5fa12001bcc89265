import { requestIn } from '../safety/question.ts';

/** JSON as a person reads and changes it. */
export function pretty(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, undefined, 2) ?? '');
}

/** What is wrong with a request that was written; undefined where nothing is. */
export function problemOf(text: string): string | undefined {
  try {
    requestIn(text);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** Whether a text says something else than it did: white space between the parts of JSON does not. */
export function isChanged(before: string, after: string, isJson: boolean): boolean {
  if (!isJson) return before !== after;
  return problemOf(after) === undefined && JSON.stringify(JSON.parse(after)) !== compact(before);
}

function compact(text: string): string {
  return problemOf(text) === undefined ? JSON.stringify(JSON.parse(text)) : text;
}
