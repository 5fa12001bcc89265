import { COMPATIBLE_QUIRKS, type ServerQuirks } from '../../openai/quirks.ts';

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
  /** Bare model names that are surely its own. */
  readonly owns?: RegExp;
  readonly quirks: ServerQuirks;
  /** What answers with a 2xx only once its model is loaded; absent where there is no such path. */
  readonly healthPath?: '/health';
  /** Where its facts are told. */
  readonly sources: readonly string[];
  /**
   * ISO day on which the sources were read and contradicted nothing above; what they are silent about is as known.
   * Absent: all of it is as known, and was not read against the sources.
   */
  readonly checked?: string;
}

type Facts = Pick<Preset, 'title' | 'baseUrl' | 'healthPath' | 'sources' | 'checked'> & {
  readonly quirks: Partial<ServerQuirks>;
};

type HostedFacts = Facts & Required<Pick<Preset, 'keyVariable'>> & Pick<Preset, 'owns'>;

function known({ quirks, ...facts }: Facts): Omit<Preset, 'hosted' | 'discovered'> {
  return { ...facts, quirks: { ...COMPATIBLE_QUIRKS, ...quirks } };
}

/** A provider on the internet. */
export function hosted(facts: HostedFacts): Preset {
  return { ...known(facts), hosted: true, discovered: true, keyVariable: facts.keyVariable };
}

/** A server that operators run themselves. */
export function selfHosted(facts: Facts): Preset {
  return { ...known(facts), hosted: false, discovered: false };
}
