import type { Call } from '../../../../core/call.ts';
import type { ModelCatalog } from '../../../../models/catalog.ts';
import { EVENT_STREAM } from '../../answer/form.ts';
import { eventsIn } from '../../../../models/answers/provider-wire.ts';
import { textIn } from '../../../../models/answers/text-in.ts';
import type { StoredAnswer } from '../../answer/stored-answer.ts';

/**
 * What an answer says, where it is one text and nothing else.
 * @returns undefined where it is more, or cannot be read
 */
export function textOf(catalog: ModelCatalog, call: Call, { content, target }: StoredAnswer): string | undefined {
  if (content.kind === 'events') return textIn(content.events);
  if (content.kind !== 'bytes' || content.contentType.startsWith(EVENT_STREAM)) return undefined;
  const events = eventsIn(catalog, call, target, content.body);
  return events && textIn(events);
}
