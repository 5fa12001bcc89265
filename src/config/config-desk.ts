import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { GatewayError } from '../core/errors.ts';
import { redactSecrets } from '../core/redaction.ts';
import type { Environment, LoadedConfig } from './config.ts';
import type { EffectiveValue } from './effective.ts';
import { parseConfig } from './load.ts';
import { ConfigError, type Problem } from './problems.ts';
import { restartKeys } from './restart-keys.ts';
import { type MaskedText, maskText } from './secrets/mask-text.ts';
import { TextRestorer } from './secrets/restore-text.ts';
import { type Written, codeOf, whyNotWritable, writeWhole } from './write-file.ts';

/** Bytes. Every check reads a text several times, while nothing else is done. */
export const MOST_TEXT = 262_144;

/** What is in force, and since when. */
export interface InForce {
  readonly loaded: LoadedConfig;
  /** What the process was started with, from which some keys are. */
  readonly started: LoadedConfig;
  readonly loadedAt: number;
  /** Why the file as it is now is not in force; empty where it is. */
  readonly problems: readonly Problem[];
}

export interface ConfigDeskDeps {
  readonly path: string;
  readonly env: Environment;
  readonly inForce: () => InForce;
  /** Reads the file again; what came of it is in `inForce` when it returns. */
  readonly reload: () => void;
  /** What is in force beside the file: of the admin API, and what presets know. */
  readonly beside: () => readonly EffectiveValue[];
  /** Writes the file; for tests. */
  readonly write?: typeof writeWhole;
}

/** A value that would be another one. */
interface ValueChange {
  readonly path: string;
  readonly before: EffectiveValue['value'];
  readonly after: EffectiveValue['value'];
  readonly restart: boolean;
}

export interface ShownConfig {
  readonly path: string;
  readonly exists: boolean;
  /** Why it cannot be saved here; undefined where it can. */
  readonly locked: string | undefined;
  readonly text: string;
  /** A hash of the file's bytes; null where there is none. */
  readonly version: string | null;
  readonly loadedAt: number;
  readonly problems: readonly Problem[];
  readonly effective: readonly EffectiveValue[];
  readonly restartPending: readonly string[];
}

export type Checked =
  | { readonly problems: readonly Problem[]; readonly changes: readonly ValueChange[]; readonly loaded?: undefined }
  | {
      readonly problems: readonly [];
      readonly changes: readonly ValueChange[];
      readonly loaded: LoadedConfig;
      /** As it is to be written, with its secrets. */
      readonly text: string;
    };

export type Saved =
  | { readonly problems: readonly Problem[]; readonly written?: undefined; readonly changes?: undefined }
  | {
      /** Why what was written is not in force all the same. */
      readonly problems: readonly Problem[];
      readonly written: Written;
      readonly version: string;
      readonly changes: readonly ValueChange[];
      readonly restartPending: readonly string[];
    };

interface FileNow {
  readonly bytes: Buffer | undefined;
  readonly text: string;
  readonly version: string | null;
}

/** The configuration file as operators see and change it: without its secrets, checked before it is written. */
export class ConfigDesk {
  readonly #deps: ConfigDeskDeps;
  /** One save after the other: each looks at what is there before it writes. */
  #saving: Promise<unknown> = Promise.resolve();
  #known: { readonly of: string; readonly masked: MaskedText } | undefined;

  constructor(deps: ConfigDeskDeps) {
    this.#deps = deps;
  }

  /** @throws conflict where the file cannot be read */
  async show(): Promise<ShownConfig> {
    const { path, inForce, beside } = this.#deps;
    const { bytes, text, version } = await this.#read();
    const { loaded, loadedAt, problems } = inForce();
    return {
      path: resolve(path),
      exists: bytes !== undefined,
      locked: await this.#lock(bytes, text),
      text: isTooLong(bytes) ? '' : this.#masked(text).text,
      version,
      loadedAt,
      problems: problems.map(shownProblem),
      effective: [...loaded.values(), ...beside()].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      restartPending: this.#pending(),
    };
  }

  /** What is wrong with a text, or what it would change. */
  async check(text: string): Promise<Checked> {
    return this.#check(text, await this.#read());
  }

  /**
   * Writes a text without mistakes and puts it in force.
   * @param version of the file that was edited
   * @throws conflict where it is another one by now, or cannot be written
   */
  save(text: string, version: string | null): Promise<Saved> {
    const saved = this.#saving.then(() => this.#save(text, version));
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  async #save(text: string, version: string | null): Promise<Saved> {
    const { path, reload, inForce, write = writeWhole } = this.#deps;
    const now = await this.#read();
    if (now.version !== version) throw new GatewayError('conflict', { message: otherVersion(now), param: 'version' });
    const checked = this.#check(text, now);
    if (!checked.loaded) return { problems: checked.problems };
    const bytes = Buffer.from(checked.text);
    const written = await write(resolve(path), bytes, now.bytes).catch((error: unknown) => {
      throw new GatewayError('conflict', { message: unwritable(resolve(path), codeOf(error)), cause: error });
    });
    reload();
    const problems = inForce().problems.map(shownProblem);
    const { changes } = checked;
    return { problems, written, version: versionOf(bytes), changes, restartPending: this.#pending() };
  }

  #check(text: string, former: FileNow): Checked {
    const { path, env, inForce } = this.#deps;
    if (isTooLong(former.bytes)) throw new GatewayError('conflict', { message: tooLong(resolve(path)) });
    const before = inForce().loaded.values();
    const restorer = new TextRestorer(text, this.#masked(former.text), env);
    try {
      const loaded = parseConfig(text, { path, env, restore: restorer.restore });
      const written = restorer.text();
      // The same once more as it will be read: what was put back may read otherwise there.
      if (written !== text) parseConfig(written, { path, env });
      return { problems: [], changes: changesOf(before, loaded.values()), loaded, text: written };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return { problems: error.problems.map(shownProblem), changes: [] };
    }
  }

  /** The file is asked for more often than it changes. */
  #masked(text: string): MaskedText {
    if (this.#known?.of !== text) this.#known = { of: text, masked: maskText(text, this.#deps.env) };
    return this.#known.masked;
  }

  #pending(): string[] {
    const { started, loaded } = this.#deps.inForce();
    return restartKeys(started.config, loaded.config);
  }

  async #lock(bytes: Buffer | undefined, text: string): Promise<string | undefined> {
    const path = resolve(this.#deps.path);
    if (isTooLong(bytes)) return tooLong(path);
    if (bytes && !Buffer.from(text).equals(bytes))
      return `${path} is not UTF-8; save it as UTF-8 on the machine itself`;
    const code = await whyNotWritable(path);
    return code && unwritable(path, code);
  }

  async #read(): Promise<FileNow> {
    try {
      const bytes = await readFile(this.#deps.path);
      return { bytes, text: bytes.toString('utf8'), version: versionOf(bytes) };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return { bytes: undefined, text: '', version: null };
      const message = `${resolve(this.#deps.path)} cannot be read (${codeOf(error)}). Correct the path or its permissions.`;
      throw new GatewayError('conflict', { message, cause: error });
    }
  }
}

function versionOf(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}

function otherVersion({ bytes }: FileNow): string {
  return bytes
    ? 'The file was changed by somebody else in between, and nothing was saved. Load it again and make your change there.'
    : 'The file is not there any more, and nothing was saved. Load it again: what is in force now is shown.';
}

function isTooLong(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && bytes.byteLength > MOST_TEXT;
}

function tooLong(path: string): string {
  return `${path} has more than ${MOST_TEXT} bytes (256 KB), and is not edited here. Change it where it lies.`;
}

function unwritable(path: string, code: string): string {
  return (
    `${path} cannot be written (${code}), so nothing was saved. ` +
    'Give the gateway the right to write it and its folder, or change it where it comes from.'
  );
}

function shownProblem(problem: Problem): Problem {
  return { ...problem, message: redactSecrets(problem.message) };
}

function changesOf(before: readonly EffectiveValue[], after: readonly EffectiveValue[]): ValueChange[] {
  const former = new Map(before.map((one) => [one.path, one]));
  const later = new Set(after.map(({ path }) => path));
  const changed = after.flatMap((one) => {
    const known = former.get(one.path);
    if (known?.mark === one.mark) return [];
    return [{ path: one.path, before: known?.value ?? null, after: one.value, restart: one.restart }];
  });
  const gone = before.filter(({ path }) => !later.has(path));
  return [...changed, ...gone.map(({ path, value, restart }) => ({ path, before: value, after: null, restart }))];
}
