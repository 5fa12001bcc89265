import { COMPATIBLE_QUIRKS, type ServerQuirks } from '../../openai/quirks.ts';

/** Where a preset's facts were read, and when. */
interface Source {
  readonly url: string;
  /** ISO day. */
  readonly checked: string;
}

/** A server that is known by name. */
export interface Preset {
  /** As people call it. */
  readonly title: string;
  /** Its own address, or the one on which it usually listens on this machine. */
  readonly baseUrl: string;
  /** The variable that usually holds its key; a hosted provider needs one. */
  readonly keyVariable?: string;
  /** Reached over the internet, and not run by the operator. */
  readonly hosted: boolean;
  /** The provider is there by itself, under the preset's name, where its key is in the environment. */
  readonly discovered: boolean;
  /** Whose prices and capabilities it has, where these are not its own. */
  readonly family?: string;
  /** Bare model names that are surely its own. */
  readonly owns?: RegExp;
  readonly quirks: ServerQuirks;
  readonly sources: readonly Source[];
}

const CHECKED = '2026-11-21';

type Facts = Pick<Preset, 'title' | 'baseUrl'> & {
  readonly quirks: Partial<ServerQuirks>;
  readonly sources: readonly string[];
};

type HostedFacts = Facts & Required<Pick<Preset, 'keyVariable'>> & Pick<Preset, 'owns' | 'family'>;

function known({ quirks, sources, ...facts }: Facts): Omit<Preset, 'hosted' | 'discovered'> {
  const dated = sources.map((url) => ({ url, checked: CHECKED }));
  return { ...facts, quirks: { ...COMPATIBLE_QUIRKS, ...quirks }, sources: dated };
}

/** A provider on the internet. */
export function hosted(facts: HostedFacts): Preset {
  return { ...known(facts), hosted: true, discovered: true, keyVariable: facts.keyVariable };
}

/** A server that operators run themselves. */
export function selfHosted(facts: Facts): Preset {
  return { ...known(facts), hosted: false, discovered: false };
}
