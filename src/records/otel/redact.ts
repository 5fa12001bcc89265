import { redactSecrets } from '../../core/redaction.ts';

/** A text without secrets. */
export const redactTexts = redactSecrets;
