import { BoundedMap } from '../../../core/bounded-map.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { signatureFor } from '../../../core/inference/signatures.ts';
import type { Reshape } from '../provider.ts';

/** Tool loops that go on at a time, generously. */
const MOST = 4096;
/** Characters; together with the count this bounds the memory. */
const LONGEST = 16_384;

/**
 * Signatures of tool calls, by the calls' ids, which every client sends back: most drop the fields of ours in which the
 * signatures are. What is forgotten, or was made by another replica, is replaced by Google's placeholder.
 */
export class ProofMemory {
  readonly #proofs = new BoundedMap<string>(MOST);

  /** Whose calls they are is part of the key, so that an id that somebody guesses is of no use. */
  recall(project: string, callId: string): string | undefined {
    return this.#proofs.get(keyOf(project, callId));
  }

  /** Watches one translated answer; events pass unchanged. */
  watch(project: string): Reshape {
    const waiting = new Map<number, string>();
    let isNamed = false;
    return (event) => {
      if (event.type === 'message-start') isNamed = event.id !== undefined;
      // Without an id of the answer the ids of its calls are not unique.
      else if (isNamed) this.#note(project, event, waiting);
      return [event];
    };
  }

  /** A proof stands right before the call that it belongs to. */
  #note(project: string, event: StreamEvent, waiting: Map<number, string>): void {
    if (!('choice' in event)) return;
    const { choice } = event;
    if (event.type === 'reasoning-signature') {
      waiting.set(choice, event.signature);
      return;
    }
    const marked = waiting.get(choice);
    if (marked === undefined) return;
    waiting.delete(choice);
    const proof = signatureFor('gemini', marked);
    if (event.type !== 'tool-call-start' || proof === undefined || proof.length > LONGEST) return;
    this.#proofs.set(keyOf(project, event.id), proof);
  }
}

function keyOf(project: string, callId: string): string {
  return `${project}\n${callId}`;
}
