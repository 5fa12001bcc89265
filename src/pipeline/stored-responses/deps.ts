import type { Call } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import type { StreamEvent } from '../../core/events.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ResponseArchive } from './archive.ts';
import type { ResponsesSettings } from './settings.ts';

export interface StoredResponsesDeps {
  readonly archive: ResponseArchive;
  readonly clock: Clock;
  settings(): ResponsesSettings;
  /** Whether the call goes to a provider that speaks its dialect, and keeps its answers itself. */
  isRelayed(call: Call): boolean;
  /** The response that the client of a translated answer gets. @param endedAt epoch milliseconds */
  encode(call: Call, events: readonly StreamEvent[], endedAt: number): JsonObject;
  /** Hears of what must not break an answer that is there. */
  failed(call: Call, error: unknown): void;
}

/** Whose the kept answers are. @throws auth_missing_key where nobody was asked who is calling */
export function projectOf({ principal }: Call): string {
  if (!principal) throw new GatewayError('auth_missing_key');
  return principal.project;
}

/** The same for what never was and what is another's: an id must not tell whether it exists. */
export function notKept(id: string, param: string): GatewayError {
  const shown = id.length > 100 ? `${id.slice(0, 100)}…` : id;
  return new GatewayError('resource_not_found', {
    message:
      `"${shown}" is not kept here: it is unknown, was made with \`store: false\`, is over, ` +
      'or continues a response that is. Send the items of the conversation as `input`.',
    param,
  });
}
