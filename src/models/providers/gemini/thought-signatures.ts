import type { AssistantPart, ReasoningPart } from '../../../core/inference/content.ts';
import { signatureFor } from '../../../core/inference/signatures.ts';
import { UNSIGNED } from '../../../core/inference/unsigned.ts';

/**
 * What Google documents to be sent where there is no signature: a conversation that another model began, or one whose
 * client lost it.
 * @see https://ai.google.dev/gemini-api/docs/thought-signatures#faqs (read in @ai-sdk/google 4.0.121, checked 2026-11-21)
 */
export const NO_SIGNATURE = 'skip_thought_signature_validator';

/** The signature of Gemini's own that a part has; undefined where there is none, or another provider's. */
export function ownSignature({ signature }: ReasoningPart): string | undefined {
  return signature === undefined || signature === UNSIGNED ? undefined : signatureFor('gemini', signature);
}

/**
 * Hands the signatures of one turn to the parts that they belong to: each to the one that follows it. Clients that
 * have reasoning, text and calls in fields of their own lose that order; the first call, which cannot be without,
 * then goes before a text.
 */
export class SignatureQueue {
  readonly #waiting: string[] = [];
  readonly #keptForCall: boolean;

  /** @param callsNeedOne the model refuses calls without a signature */
  constructor(parts: readonly AssistantPart[], callsNeedOne: boolean) {
    const first = parts.findIndex(({ type }) => type === 'tool-call');
    const before = parts[first - 1];
    const isSigned = before?.type === 'reasoning' && ownSignature(before) !== undefined;
    this.#keptForCall = callsNeedOne && first >= 0 && !isSigned;
  }

  add(signature: string): void {
    this.#waiting.push(signature);
  }

  /** `isBeforeCall`: of a text that calls follow. */
  take(isBeforeCall: boolean): { readonly thoughtSignature?: string } {
    if (isBeforeCall && this.#keptForCall && this.#waiting.length === 1) return {};
    const signature = this.#waiting.shift();
    return signature === undefined ? {} : { thoughtSignature: signature };
  }

  /** Those that nothing follows. */
  rest(): readonly string[] {
    return this.#waiting.splice(0);
  }
}
