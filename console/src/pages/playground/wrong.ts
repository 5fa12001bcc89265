/** Where something was typed that cannot be sent. */
export type WrongField = 'model' | 'turns' | 'tools' | 'schema' | 'metadata' | 'number' | 'header';

/** Found while a request is put together; the page says it at its field. */
export class Wrong extends Error {
  override readonly name = 'Wrong';
  readonly field: WrongField;
  /** What the reader of it said, or which of several it was. */
  readonly detail: string;

  constructor(field: WrongField, detail = '') {
    super(`${field}: ${detail}`);
    this.field = field;
    this.detail = detail;
  }
}

/** @throws Wrong where the text is no JSON */
export function jsonIn(field: WrongField, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Wrong(field, error instanceof Error ? error.message : '');
  }
}
