import type { Call } from '../../core/call.ts';
import type { StreamEvent } from '../../core/events.ts';
import type { Reshape } from '../../models/providers/provider.ts';
import type { AttemptContext } from './settle.ts';

const LOST_CONTENT = 'answer: a part that this API has no equal of was left out';

/** What happens to the events of a translated answer on their way to the client. */
export class AnswerTranslation {
  readonly #call: Call;
  readonly #reshape: Reshape | undefined;

  constructor(call: Call, reshape: Reshape | undefined) {
    this.#call = call;
    this.#reshape = reshape;
  }

  /** In the order of the stream; the events that the client is to see. */
  apply(events: readonly StreamEvent[]): readonly StreamEvent[] {
    const reshape = this.#reshape;
    const shaped = reshape ? events.flatMap((event) => reshape(event)) : events;
    if (shaped.some(({ type }) => type === 'other-content')) this.#warn();
    return shaped;
  }

  /** Once. A stream's headers are out by then, so that it shows in the trace alone. */
  #warn(): void {
    const { warnings } = this.#call;
    if (!warnings.includes(LOST_CONTENT)) warnings.push(LOST_CONTENT);
  }
}

/** A fresh one for each answer; undefined where the answer is relayed. */
export function translationOf({ call, plan, rewritten }: AttemptContext): AnswerTranslation | undefined {
  const { translation } = plan;
  return translation || rewritten ? new AnswerTranslation(call, translation?.reshape?.()) : undefined;
}
