/** A form as it goes upstream. Its bytes can be read once. */
export interface EncodedForm {
  /** With the boundary. */
  readonly contentType: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * A `multipart/form-data` body: small fields are in memory, files pass through as they come.
 * What had to be kept until the model's name was known is in memory or on disk.
 */
export interface CallForm {
  /** It can be sent from its start: all of it is kept, or nothing was sent of what is not. */
  readonly replayable: boolean;
  /** The parts in their order, each text field with the value given here in place of its own. */
  encode(replaced: Readonly<Record<string, string>>): EncodedForm;
}
