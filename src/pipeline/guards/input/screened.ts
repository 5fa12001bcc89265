import type { Verdict } from '../../../core/screening.ts';
import { scriptOf } from '../../../core/texts/script.ts';
import type { RefusalLanguage } from '../refusal.ts';
import type { TextSlot, UnreadKind } from '../slots/slot.ts';
import type { Vault } from '../vault/vault.ts';
import type { AnyLook } from './decide.ts';
import type { AnyOutcome } from './outcome.ts';

/** What is known of a request, whatever becomes of it. */
export class Screened implements AnyOutcome {
  readonly unread: readonly UnreadKind[];
  readonly slots: readonly TextSlot[];
  readonly vault: Vault;
  readonly #looks: readonly AnyLook[];

  constructor(looks: readonly AnyLook[], unread: readonly UnreadKind[], slots: readonly TextSlot[], vault: Vault) {
    this.#looks = looks;
    this.unread = unread;
    this.slots = slots;
    this.vault = vault;
  }

  /** Of the looks as they are now. */
  get verdicts(): readonly Verdict[] {
    const verdicts: Verdict[] = [];
    for (const look of this.#looks) verdicts.push(look.verdict);
    return verdicts;
  }

  get language(): RefusalLanguage {
    return languageOf(this.slots);
  }

  concealJson(bytes: Buffer): Buffer | undefined {
    return this.vault.concealJson(bytes);
  }
}

/** What the client speaks: the language of its last text. */
function languageOf(slots: readonly TextSlot[]): RefusalLanguage {
  const last = slots.findLast(({ role }) => role === 'user') ?? slots.at(-1);
  return last && scriptOf(last.text) === 'zh' ? 'zh' : 'en';
}
