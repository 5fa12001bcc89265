import type { AssistantPart, ReasoningPart, ToolCallPart } from '../../../core/inference/content.ts';
import { isSealedForGemini, unsealForGemini } from '../../../core/inference/gemini-seal.ts';
import { markedSignature } from '../../../core/inference/signatures.ts';
import type { Fields } from '../decoding/fields.ts';
import type { CallIds } from './call-ids.ts';
import { LOSSES } from './losses.ts';

/**
 * One turn of the model. Clients may send back a streamed answer piece by piece, so that texts and thoughts that follow
 * each other are one.
 */
export class ModelTurn {
  readonly content: AssistantPart[] = [];
  readonly #ids: CallIds;

  constructor(ids: CallIds) {
    this.#ids = ids;
  }

  /** @throws request_invalid, capability_unsupported */
  add(part: Fields, kind: string): void {
    const signature = part.text('thoughtSignature');
    const isThought = part.flag('thought') ?? false;
    if (signature !== undefined && signature !== '') {
      part.decoding.uses('reasoning-history', part.path);
      part.uses('reasoning-signature', 'thoughtSignature');
    }
    if (kind === 'text' && isThought) this.#think(part, part.text('text') ?? '', signature);
    else {
      this.#prove(part, signature);
      if (kind === 'text') this.#say(part.text('text') ?? '');
      else this.content.push(this.#call(part.requiredObject('functionCall')));
    }
  }

  #say(text: string): void {
    if (text === '') return;
    const last = this.content.at(-1);
    if (last?.type === 'text') this.#replaceLast({ ...last, text: last.text + text });
    else this.content.push({ type: 'text', text });
  }

  #think(part: Fields, text: string, signature = ''): void {
    part.decoding.uses('reasoning-history', part.path);
    const last = this.content.at(-1);
    const begun = last?.type === 'reasoning' && isUnproven(last) ? last : undefined;
    const thought: ReasoningPart = { type: 'reasoning', text: (begun?.text ?? '') + text };
    if (signature !== '' && isSealedForGemini(signature)) {
      this.#prove(part, signature);
      return;
    }
    if (thought.text === '' && signature === '') return;
    const proven = signature === '' ? thought : { ...thought, signature: markedSignature('gemini', signature) };
    if (begun) this.#replaceLast(proven);
    else this.content.push(proven);
  }

  /** What was thought before a part, by the signature on it. What we sealed has the thoughts inside. */
  #prove(part: Fields, signature = ''): void {
    if (signature === '') return;
    if (!isSealedForGemini(signature)) {
      this.content.push({ type: 'reasoning', text: '', signature: markedSignature('gemini', signature) });
      return;
    }
    const sealed = unsealForGemini(signature);
    if (!sealed) throw part.invalid('thoughtSignature', LOSSES.seal);
    const last = this.content.at(-1);
    if (last?.type === 'reasoning' && isUnproven(last)) this.content.pop();
    if (sealed.some(({ redacted }) => redacted !== undefined)) part.uses('redacted-reasoning', 'thoughtSignature');
    this.content.push(...sealed);
  }

  #call(call: Fields): ToolCallPart {
    const name = call.requiredName('name');
    const given = call.text('id');
    if (given !== undefined) call.uses('tool-call-id', 'id');
    const argumentsText = JSON.stringify(call.has('args') ? call.requiredJson('args') : {});
    call.close();
    return { type: 'tool-call', id: this.#ids.call(name, given), name, argumentsText };
  }

  #replaceLast(part: AssistantPart): void {
    this.content[this.content.length - 1] = part;
  }
}

function isUnproven({ signature, redacted }: ReasoningPart): boolean {
  return signature === undefined && redacted === undefined;
}
