import { shellQuoted } from '../../format/shell.ts';
import { isRecord } from '../../format/is-record.ts';
import type { Trace } from './trace-types.ts';

const KEYS: Readonly<Record<string, readonly string[]>> = {
  anthropic: ['x-api-key: $CAUSEWAY_KEY', 'anthropic-version: 2023-06-01'],
  gemini: ['x-goog-api-key: $CAUSEWAY_KEY'],
};
const BEARER = ['authorization: Bearer $CAUSEWAY_KEY'];

type Sent = Pick<Trace, 'dialect' | 'endpoint' | 'model' | 'streamed' | 'input'>;

/** Gemini has the model, and whether it is streamed, in the path. */
function pathOf({ dialect, endpoint, model, streamed }: Sent): string {
  if (dialect !== 'gemini' || model === null || !endpoint.includes('/models:')) return endpoint;
  const named = endpoint.replace('/models:', `/models/${encodeURI(model)}:`);
  return streamed ? `${named}?alt=sse` : named;
}

/** What is sent as a form has no body that could be sent again from here. */
const FORMS = /\/(?:audio\/(?:transcriptions|translations)|images\/(?:edits|variations)|files)$/;

/**
 * The same request again, to paste into a shell that has CAUSEWAY_KEY set. Undefined where its body is not whole: it was
 * cut, only a hash of it is kept, or nothing; and where it was a form.
 */
export function asCurl(trace: Sent, origin: string): string | undefined {
  const { input, dialect, streamed, endpoint } = trace;
  if (FORMS.test(endpoint)) return undefined;
  if (!isRecord(input) || typeof input['sha256'] === 'string') return undefined;
  const headers = [...(KEYS[dialect] ?? BEARER), 'content-type: application/json'];
  return [
    `curl ${streamed ? '-N ' : ''}${shellQuoted(`${origin}${pathOf(trace)}`)}`,
    // The key is the shell's to fill in, so these are in double quotes.
    ...headers.map((header) => `  -H "${header}"`),
    `  --data-raw ${shellQuoted(JSON.stringify(input, undefined, 2))}`,
  ].join(' \\\n');
}
