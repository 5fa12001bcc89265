/**
 * One tool loop, as every protocol can say it: the model thinks, calls a tool twice in one turn, and says what the
 * tools told it. A second turn that lost anything of the first is refused, as the real providers do.
 */
export const LOOP = {
  thought: 'Both cities have to be looked at.',
  /** Base64, since some protocols take nothing else. */
  proof: 'cHJvb2Ytb2YtdGhlLXRob3VnaHQ=',
  tool: 'weather',
  calls: [
    { id: 'call_paris_1', city: 'Paris' },
    { id: 'call_berlin_2', city: 'Berlin' },
  ],
  usage: { input: 40, output: 20, final: { input: 90, output: 12 } },
} as const;

/** What the tool says of a city. */
export function weatherIn(city: string): string {
  return `${city}: 21 degrees`;
}

/** What the model says in the end, where it was told everything. */
export const FINAL_TEXT = `It is warm. ${LOOP.calls.map(({ city }) => weatherIn(city)).join('; ')}.`;

export interface Turn {
  readonly stream: boolean;
  /** Of the tools, in the order of the calls; undefined where the model has not called them. */
  readonly results: readonly string[] | undefined;
  /** What the real provider would refuse. */
  readonly problem?: string | undefined;
}

export interface LoopAnswer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly (Uint8Array | string)[];
}

const JSON_TYPE = { 'content-type': 'application/json' };

export function whole(body: unknown, headers: Readonly<Record<string, string>> = {}): LoopAnswer {
  return { headers: { ...JSON_TYPE, ...headers }, chunks: [JSON.stringify(body)] };
}

export function events(frames: readonly string[]): LoopAnswer {
  return { headers: { 'content-type': 'text/event-stream' }, chunks: frames };
}

export function refused(body: unknown): LoopAnswer {
  return { status: 400, headers: JSON_TYPE, chunks: [JSON.stringify(body)] };
}

/** What is wrong with the results, if anything is; they are texts that the tool said, by the id of their call. */
export function problemOf(results: ReadonlyMap<string, string>): string | undefined {
  for (const { id, city } of LOOP.calls) {
    const said = results.get(id);
    if (said === undefined) return `there is no result of ${id}`;
    if (!said.includes(weatherIn(city))) return `the result of ${id} is ${said}`;
  }
  return undefined;
}

/** What the model says of what it was told, however that was wrapped on its way. */
export function finalText(results: readonly string[]): string {
  return `It is warm. ${results.map((result) => /\w+: 21 degrees/.exec(result)?.[0] ?? result).join('; ')}.`;
}

/** In a few pieces, as models say it. */
export function pieces(text: string): string[] {
  return text.match(/.{1,9}/gs) ?? [];
}

export const argumentsOf = (city: string): string => JSON.stringify({ city });
