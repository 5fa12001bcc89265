/** One event of an event stream, with what it says. */
export interface ReadEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventReader {
  /** The next event that is so; those before it are passed over. Rejects where the stream ends first. */
  next(isIt: (event: ReadEvent) => boolean): Promise<ReadEvent>;
  /** The next event whatever it is. */
  any(): Promise<ReadEvent>;
  /** All text as it came so far. */
  readonly text: string;
  /** Resolves when the stream has ended. */
  ended(): Promise<void>;
  close(): Promise<void>;
}

/** Reads an event stream as a browser would. */
export function readEvents(response: Response): EventReader {
  if (!response.body) throw new Error('an answer without a body');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let at = 0;
  const more = async (): Promise<boolean> => {
    const { done, value = '' } = await reader.read();
    text += value;
    return !done;
  };
  const any = async (): Promise<ReadEvent> => {
    for (;;) {
      const end = text.indexOf('\n\n', at);
      if (end === -1) {
        if (!(await more())) throw new Error(`the stream has ended: ${text}`);
        continue;
      }
      const block = text.slice(at, end);
      at = end + 2;
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      if (event !== undefined && data !== undefined)
        return { event, data: JSON.parse(data) as Record<string, unknown> };
    }
  };
  return {
    any,
    async next(isIt) {
      for (;;) {
        const event = await any();
        if (isIt(event)) return event;
      }
    },
    get text() {
      return text;
    },
    async ended() {
      while (await more());
    },
    close: () => reader.cancel(),
  };
}
