import { addCausewayHeaders } from '../../core/reply-headers.ts';
import type { Provider } from '../../models/providers/provider.ts';
import type { SettleContext } from './settle.ts';

type Headers = Record<string, string>;

/** Adds to `target` what of a provider's headers a client may see, and returns it. */
export function passedHeaders({ passedHeaders: names }: Provider, headers: Headers, target: Headers): Headers {
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && names.has(name)) target[name] = value;
  }
  return target;
}

/** What the target did not get as it was asked. */
export function tellNotes({ call, notes }: SettleContext): void {
  for (const note of notes) if (!call.warnings.includes(note)) call.warnings.push(note);
}

/**
 * The headers of an answer: the provider's type and facts over the defaults, then our own. Makes of `defaults` what it
 * returns. From here on this attempt is the one that the client reads.
 */
export function answerHeaders(context: SettleContext, headers: Headers, defaults: Headers): Headers {
  const { call, attempt, provider } = context;
  call.attempts.answers(attempt);
  tellNotes(context);
  const type = headers['content-type'];
  if (type !== undefined) defaults['content-type'] = type;
  return addCausewayHeaders(call, passedHeaders(provider, headers, defaults));
}
