import type { HeldForm } from './held-form.ts';
import type { FormEvent } from './read-parts.ts';
import { type ComingForm, UploadedForm } from './uploaded-form.ts';

/**
 * Reads a form until a call can be made of it: small ones to their end, so that all of their fields are known and
 * they can be sent again; large ones until the awaited text is there, which has to be known before there is anybody
 * to send them to.
 *
 * @param awaited name of that text; undefined where there is none
 */
export async function gatherForm(
  events: AsyncGenerator<FormEvent, undefined>,
  held: HeldForm,
  awaited: string | undefined,
): Promise<UploadedForm> {
  for (;;) {
    const { value: event, done } = await events.next();
    if (done) return new UploadedForm(held, undefined);
    if (event.kind === 'part') held.begin(event.head);
    else if (held.hasRoom(event.bytes.length)) held.keep(event.bytes);
    else if (awaited !== undefined && !held.hasText(awaited)) await held.spill(event.bytes);
    else return new UploadedForm(held, comingForm(event.bytes, events, awaited));
  }
}

function comingForm(
  first: Buffer,
  rest: AsyncGenerator<FormEvent, undefined>,
  awaited: string | undefined,
): ComingForm {
  return { first, rest, awaited };
}
