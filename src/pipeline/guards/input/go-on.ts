import type { Call } from '../../../core/call.ts';
import type { Verdict } from '../../../core/screening.ts';
import type { Policies } from '../engine/guard-policy.ts';
import type { RefusalLanguage } from '../refusal.ts';
import type { TextSlot, UnreadKind } from '../slots/slot.ts';
import { viewOf } from '../slots/view.ts';
import { MOST_VALUES, type Vault } from '../vault/vault.ts';
import { type Guidance, NO_GUIDANCE, addGuidance, isGuided } from './add-guidance.ts';
import { type Change, changeBody, changesOf } from './change-body.ts';
import type { InputDeps } from './deps.ts';
import type { GoesOn } from './outcome.ts';
import type { Rewritten } from './redact.ts';
import type { Screened } from './screened.ts';

const OVER = `guards: the request has more than ${MOST_VALUES} values, of which the others do not come back in the answer`;

/** What was done to a body. */
interface Changed {
  readonly canary: string | undefined;
  readonly isChanged: boolean;
  readonly grownBytes: number;
}

const UNCHANGED: Changed = { canary: undefined, isChanged: false, grownBytes: 0 };

/** A call that goes on. */
class Passed implements GoesOn {
  readonly kind = 'go-on';
  readonly verdicts: readonly Verdict[];
  readonly unread: readonly UnreadKind[];
  readonly vault: Vault;
  readonly canary: string | undefined;
  readonly redactions: number;
  readonly isChanged: boolean;
  readonly grownBytes: number;
  readonly sources: readonly string[];
  readonly #said: Screened;

  constructor(said: Screened, redactions: number, changed: Changed, sources: readonly string[]) {
    this.verdicts = said.verdicts;
    this.unread = said.unread;
    this.vault = said.vault;
    this.canary = changed.canary;
    this.redactions = redactions;
    this.isChanged = changed.isChanged;
    this.grownBytes = changed.grownBytes;
    this.sources = sources;
    this.#said = said;
  }

  get language(): RefusalLanguage {
    return this.#said.language;
  }

  concealJson(bytes: Buffer): Buffer | undefined {
    return this.#said.concealJson(bytes);
  }
}

/** Changes the body. */
export function goOn(
  { secret }: InputDeps,
  call: Call,
  policies: Policies,
  said: Screened,
  rewritten: Rewritten,
): GoesOn {
  const { slots, vault } = said;
  let { texts } = rewritten;
  let guidance = NO_GUIDANCE;
  if (isGuided(call, policies)) {
    const guided = new Map(texts);
    guidance = addGuidance(call, policies, slots, guided, { secret });
    texts = guided;
  }
  const isChanged = texts.size > 0 || guidance.changes.length > 0 || guidance.patches.length > 0;
  const changed = isChanged ? change(call, texts, guidance) : UNCHANGED;
  if (vault.isOver) call.warnings.push(OVER);
  return new Passed(said, rewritten.count, changed, isGrounded(policies) ? sourcesOf(slots, texts) : NO_SOURCES);
}

function isGrounded(policies: Policies): boolean {
  for (const { grounding } of policies) if (grounding !== undefined) return true;
  return false;
}

const NO_SOURCES: readonly string[] = [];

function change({ body }: Call, texts: ReadonlyMap<TextSlot, string>, guidance: Guidance): Changed {
  const changes: Change[] = [...texts].flatMap(([slot, text]) => changesOf(slot, text)).concat(guidance.changes);
  let grown = guidance.bytes;
  for (const [slot, text] of texts) grown += Buffer.byteLength(text) - Buffer.byteLength(slot.text);
  changeBody(body, changes);
  for (const patch of guidance.patches) body.amend(patch);
  return { canary: guidance.canary, isChanged: true, grownBytes: Math.max(0, grown) };
}

function sourcesOf(slots: readonly TextSlot[], texts: ReadonlyMap<TextSlot, string>): string[] {
  return slots.flatMap((slot) => {
    if (slot.place !== 'retrieved' && slot.place !== 'tool-results') return [];
    return [viewOf({ ...slot, text: texts.get(slot) ?? slot.text }).text];
  });
}
