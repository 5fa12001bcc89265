import type { AbortedBy } from './cancellation.ts';
import type { GatewayError } from './errors.ts';
import type { Usage } from './usage.ts';

/** Why a model stopped, in our words; each provider and dialect maps its own to and from these. */
export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'refusal' | 'pause' | 'other';

/**
 * What a model says, dialect-free. `choice` is the index among several answers (`n` > 1);
 * `index` numbers the content parts of one answer in the order in which they began.
 */
export type StreamEvent =
  | { readonly type: 'message-start'; readonly id?: string; readonly model?: string }
  | { readonly type: 'text-delta'; readonly choice: number; readonly index: number; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly choice: number; readonly index: number; readonly text: string }
  | {
      /** An opaque proof that belongs to the reasoning before it, or reasoning that the provider shows only sealed. */
      readonly type: 'reasoning-signature';
      readonly choice: number;
      readonly index: number;
      readonly signature: string;
      readonly redacted: boolean;
    }
  | { readonly type: 'refusal-delta'; readonly choice: number; readonly text: string }
  | {
      readonly type: 'tool-call-start';
      readonly choice: number;
      readonly index: number;
      readonly id: string;
      readonly name: string;
      /** The provider runs it itself: it is for the record, and not for a client to run. */
      readonly served?: true;
    }
  | {
      readonly type: 'tool-call-delta';
      readonly choice: number;
      readonly index: number;
      readonly argumentsText: string;
    }
  | { readonly type: 'tool-call-end'; readonly choice: number; readonly index: number }
  /** Content that we carry but do not interpret (audio, server tool results, citations). */
  | { readonly type: 'other-content'; readonly choice: number }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'finish'; readonly choice: number; readonly reason: FinishReason; readonly raw?: string }
  /** The provider's own sign that nothing more comes (`[DONE]`, `message_stop`). */
  | { readonly type: 'end' }
  | { readonly type: 'error'; readonly error: GatewayError };

/** What a stream's headers wait for: the first thing that a reader would see. */
export function isContentEvent(event: StreamEvent): boolean {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'reasoning-signature':
    case 'refusal-delta':
    case 'tool-call-start':
    case 'tool-call-delta':
    case 'other-content':
    case 'finish':
      return true;
    default:
      return false;
  }
}

/** How a reply ended. Every reply has exactly one, never none, never two. */
export type Terminal =
  | { readonly kind: 'completed'; readonly finishReason: FinishReason | undefined; readonly usage: Usage | undefined }
  | { readonly kind: 'failed'; readonly error: GatewayError; readonly usage: Usage | undefined }
  | { readonly kind: 'aborted'; readonly by: AbortedBy; readonly usage: Usage | undefined };
