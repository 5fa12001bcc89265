import { randomBytes } from 'node:crypto';

import type { CallForm, EncodedForm } from '../../core/call-form.ts';
import { GatewayError } from '../../core/errors.ts';
import type { HeldForm } from './held-form.ts';
import { type PartHead, headBytes, isFile, textOf } from './part-head.ts';
import type { FormEvent } from './read-parts.ts';

/** What still comes of a form, from the middle of its last held part on. */
export interface ComingForm {
  readonly first: Buffer;
  readonly rest: AsyncIterable<FormEvent>;
  /** The text that the call was begun with: it may not come again. */
  readonly awaited: string | undefined;
}

const CRLF = '\r\n';

/**
 * A form of a client, written anew with a boundary of our own: what its receiver reads is what was read here, and not
 * what another reader could make of the client's bytes.
 */
export class UploadedForm implements CallForm {
  readonly #held: HeldForm;
  readonly #coming: ComingForm | undefined;
  #isTaken = false;

  constructor(held: HeldForm, coming: ComingForm | undefined) {
    this.#held = held;
    this.#coming = coming;
  }

  get replayable(): boolean {
    return !this.#coming || !this.#isTaken;
  }

  encode(replaced: Readonly<Record<string, string>>): EncodedForm {
    // No content can hold a text that nobody knew.
    const boundary = `causeway-${randomBytes(24).toString('hex')}`;
    const contentType = `multipart/form-data; boundary=${boundary}`;
    return { contentType, bytes: this.#write(`--${boundary}`, replaced) };
  }

  async *#write(delimiter: string, replaced: Readonly<Record<string, string>>): AsyncGenerator<Uint8Array, undefined> {
    const held = this.#held;
    let lead = `${delimiter}${CRLF}`;
    for (const [name, value] of Object.entries(replaced)) {
      if (held.hasText(name)) continue;
      yield opened(lead, { name, filename: undefined, contentType: undefined }, Buffer.from(value));
      lead = `${CRLF}${delimiter}${CRLF}`;
    }
    for (const part of held.parts) {
      const value = isFile(part.head) ? undefined : own(replaced, textOf(part.head.name));
      yield opened(lead, part.head, Buffer.from(value ?? ''));
      if (value === undefined) yield* held.bytesOf(part);
      lead = `${CRLF}${delimiter}${CRLF}`;
    }
    if (this.#coming) yield* this.#pass(this.#coming, lead, replaced);
    yield Buffer.from(`${lead.slice(0, -CRLF.length)}--${CRLF}`);
    return undefined;
  }

  async *#pass(
    { first, rest, awaited }: ComingForm,
    lead: string,
    replaced: Readonly<Record<string, string>>,
  ): AsyncGenerator<Uint8Array, undefined> {
    if (this.#isTaken) throw new Error('the rest of a form can be sent once');
    this.#isTaken = true;
    yield first;
    for await (const event of rest) {
      if (event.kind === 'bytes') {
        yield event.bytes;
        continue;
      }
      const name = textOf(event.head.name);
      if (name === awaited || Object.hasOwn(replaced, name)) throw namedAgain(name);
      yield opened(lead, event.head);
    }
    return undefined;
  }
}

function opened(lead: string, head: PartHead, value: Uint8Array = NOTHING): Buffer {
  return Buffer.concat([Buffer.from(lead), headBytes(head), value]);
}

/** A field may be called `__proto__`. */
function own(replaced: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(replaced, name) ? replaced[name] : undefined;
}

const NOTHING = new Uint8Array(0);

/** Whoever looks at the form looks at the first one, and the receiver may take the last. */
function namedAgain(name: string): GatewayError {
  return new GatewayError('request_invalid', {
    message: `The form names "${name}" twice. Send each field once.`,
    param: name,
  });
}
