import type { StreamEvent } from '../../../core/events.ts';

export type CallStart = Extract<StreamEvent, { type: 'tool-call-start' }>;

/** A call of a tool that its client does not see before it is whole and cleared. */
export class HeldCall {
  readonly start: CallStart;
  argumentsText = '';
  /** What goes on of it; undefined until it is cleared. */
  events: readonly StreamEvent[] | undefined;

  constructor(start: CallStart) {
    this.start = start;
  }

  clear(argumentsText: string): void {
    const { choice, index } = this.start;
    this.argumentsText = '';
    this.events = [
      this.start,
      ...(argumentsText === '' ? [] : [{ type: 'tool-call-delta', choice, index, argumentsText } as const]),
      { type: 'tool-call-end', choice, index },
    ];
  }
}
