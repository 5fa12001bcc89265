import { isRecord } from '../../format/is-record.ts';
import type { TryQuestion } from './wire.ts';

export const AGAINST = ['policy', 'model', 'project'] as const;
export type Against = (typeof AGAINST)[number];

export const ENDPOINTS = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/messages',
  '/v1/embeddings',
  '/v1/completions',
] as const;

/** What is to be tried, as it is filled in. */
export interface TryDraft {
  readonly side: 'input' | 'output';
  readonly against: Against;
  /** Of the policy, model or project. */
  readonly name: string;
  readonly form: 'text' | 'body';
  readonly text: string;
  readonly body: string;
  readonly endpoint: string;
  readonly judges: boolean;
}

/** A request of an example, to be changed. */
export const EXAMPLE_BODY = JSON.stringify(
  {
    messages: [
      { role: 'system', content: 'You help customers of a shop.' },
      { role: 'user', content: 'My number is 13812345678, where is my parcel?' },
    ],
  },
  undefined,
  2,
);

/** A whole request is only tried of what is asked. */
export function isWhole({ side, form }: Pick<TryDraft, 'side' | 'form'>): boolean {
  return side === 'input' && form === 'body';
}

export function isReady(draft: TryDraft): boolean {
  return (isWhole(draft) ? draft.body : draft.text).trim() !== '' && draft.name.trim() !== '';
}

/** What the gateway is asked. @throws SyntaxError where the request is no JSON object */
export function questionOf(draft: TryDraft): TryQuestion {
  const { side, against, name, text, body, endpoint, judges } = draft;
  const asked = { side, [against]: name.trim(), ...(judges && { judges }) };
  return isWhole(draft) ? { ...asked, body: requestIn(body), endpoint } : { ...asked, text };
}

/** @throws SyntaxError */
export function requestIn(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value)) throw new SyntaxError(`${text.trim().slice(0, 20)}…`);
  return value;
}
