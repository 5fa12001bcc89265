import type { SimulatorPlan } from './upstream-plan.ts';
import type { DrillGateway } from './gateway.ts';
import { type Reader, nothingSeen, officialReaders } from './readers.ts';
import { type Check, markdownTable, tally } from './verdict.ts';
import type { VirtualModel } from './virtual-models.ts';

/** Each is what an instance of the simulator does to every answer; the Gemini stand-in goes by the name. */
export const CROSSED_FAULTS: readonly { readonly name: string; readonly settings: SimulatorPlan }[] = [
  { name: 'cut', settings: { cutAfterTokens: 5 } },
  { name: 'stall', settings: { stallAfterTokens: 5 } },
  { name: 'malformed', settings: { malformedAfterTokens: 5 } },
  { name: 'half', settings: { halfJson: true } },
];
const PROTOCOLS = ['openai', 'anthropic', 'gemini'] as const;
const READERS = Object.keys(officialReaders('http://127.0.0.1', 'none'));
/** Fewer than open a breaker; each reader has targets of its own. */
const ROUNDS = 2;

const modelOf = (fault: string, protocol: string, reader: string): string =>
  `${fault}-${protocol}-${reader.replace(' ', '-')}`;

function targetOf(fault: string, protocol: string, reader: string): string {
  return protocol === 'gemini'
    ? `gemini/${fault}-${reader.replace(' ', '-')}`
    : `${fault}-${protocol}/${reader.replace(' ', '-')}`;
}

export function crossingModels(): Record<string, VirtualModel> {
  const models: Record<string, VirtualModel> = {};
  for (const { name } of [...CROSSED_FAULTS, { name: 'sound' }]) {
    for (const protocol of PROTOCOLS) {
      for (const reader of READERS) {
        const target =
          name === 'sound' && protocol !== 'gemini'
            ? `${SOUND[protocol]}/${reader.replace(' ', '-')}`
            : targetOf(name, protocol, reader);
        models[modelOf(name, protocol, reader)] = { target, timeouts: { idle: '300ms' }, retries: { max: 0 } };
      }
    }
  }
  return models;
}

/** The same targets without a fault: a reader that failed on sound answers too would prove nothing. */
const SOUND = { openai: 'sick', anthropic: 'well' } as const;

/** What an app would take the answer for. */
type Ending = 'error' | 'clean' | 'no end';

async function endingOf(read: Reader, model: string): Promise<Ending> {
  const seen = nothingSeen();
  try {
    await read({ model, prompt: 'What do you know about rivers and towns?' }, seen);
  } catch {
    return 'error';
  }
  if (seen.failure !== undefined) return 'error';
  return seen.finish === undefined ? 'no end' : 'clean';
}

export interface Crossings {
  readonly table: string;
  readonly checks: readonly Check[];
}

/** Every official client reads every broken answer of every protocol, and sound ones to compare. */
export async function crossAll(gateway: DrillGateway): Promise<Crossings> {
  const readers = Object.entries(officialReaders(gateway.url, gateway.key));
  const rows: string[][] = [];
  const broken: Ending[] = [];
  const sound: Ending[] = [];
  for (const fault of ['sound', ...CROSSED_FAULTS.map(({ name }) => name)]) {
    for (const protocol of PROTOCOLS) {
      const endings = await Promise.all(
        readers.map(([name, read]) => repeat(() => endingOf(read, modelOf(fault, protocol, name)))),
      );
      (fault === 'sound' ? sound : broken).push(...endings.flat());
      rows.push([fault, protocol, ...endings.map((each) => tally(each))]);
    }
  }
  const lies = broken.filter((ending) => ending !== 'error').length;
  const failures = sound.filter((ending) => ending !== 'clean').length;
  return {
    table: markdownTable(['answer', 'protocol', ...readers.map(([name]) => name)], rows),
    checks: [
      {
        what: 'broken answers read as whole, all crossings',
        target: '0',
        seen: `${lies} of ${broken.length}`,
        met: lies === 0,
      },
      {
        what: 'sound answers not read as whole',
        target: '0',
        seen: `${failures} of ${sound.length}`,
        met: failures === 0,
      },
    ],
  };
}

async function repeat(once: () => Promise<Ending>): Promise<Ending[]> {
  const endings: Ending[] = [];
  for (let round = 0; round < ROUNDS; round += 1) endings.push(await once());
  return endings;
}
