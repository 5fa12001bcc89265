import type { AssistantPart, ReasoningPart, ToolCallPart } from '../../../core/inference/content.ts';
import { parseArguments } from '../../../core/inference/tool-arguments.ts';
import { UNSIGNED } from '../../../core/inference/unsigned.ts';
import type { JsonObject } from '../../../core/json.ts';
import { textParts } from './build-parts.ts';
import type { Building } from './building.ts';
import { NO_SIGNATURE, SignatureQueue, ownSignature } from './thought-signatures.ts';
import { wireToolName } from './tool-names.ts';

const UNPROVEN =
  'has a tool call of this turn without the signature that Gemini gave it; the placeholder that Google documents is sent in its place';

/**
 * What the model said in one turn.
 * @param isCurrent of the turn that is going on, whose calls Gemini checks from 3 on
 */
export function modelParts(parts: readonly AssistantPart[], isCurrent: boolean, building: Building): JsonObject[] {
  const callsNeedOne = building.traits.generation === 'from-3';
  const signatures = new SignatureQueue(parts, callsNeedOne);
  const lastCall = parts.findLastIndex(({ type }) => type === 'tool-call');
  const built = parts.flatMap((part, at): JsonObject[] => {
    switch (part.type) {
      case 'reasoning':
        return reasoningParts(part, parts, signatures, building);
      case 'tool-call':
        return [{ functionCall: functionCall(part, building), ...signatures.take(false) }];
      default:
        return textParts(part.text).map((text) => ({ ...text, ...signatures.take(at < lastCall) }));
    }
  });
  const firstCall = parts.find((part) => part.type === 'tool-call');
  if (callsNeedOne && firstCall) proveFirstCall(built, firstCall, isCurrent, building);
  return [...built, ...signatures.rest().map((thoughtSignature) => ({ text: '', thoughtSignature }))];
}

function functionCall({ id, name, argumentsText }: ToolCallPart, { translation, flavour }: Building): JsonObject {
  const { input, exact } = parseArguments(argumentsText);
  if (!exact) translation.lose('tool-arguments-not-json');
  return { ...(flavour.callIds ? { id } : {}), name: wireToolName(name), args: input };
}

/** A signature alone belongs to what follows; with its text it is a thought of its own. */
function reasoningParts(
  part: ReasoningPart,
  turn: readonly AssistantPart[],
  signatures: SignatureQueue,
  { translation }: Building,
): JsonObject[] {
  const own = ownSignature(part);
  if (own !== undefined && part.text !== '') return [{ text: part.text, thought: true, thoughtSignature: own }];
  if (own !== undefined) signatures.add(own);
  else if (part.redacted !== undefined) translation.lose('redacted-reasoning');
  else if (part.signature !== undefined && part.signature !== UNSIGNED) {
    translation.lose('reasoning-signature', 'is left out: it proves reasoning to another provider');
  } else if (part.text !== '' && !turn.some(isProof)) translation.lose('reasoning-history');
  return [];
}

/** What Gemini thought is in its signatures; the text is a summary for people. */
function isProof(part: AssistantPart): boolean {
  return part.type === 'reasoning' && ownSignature(part) !== undefined;
}

/** The first call of a step without a signature is an error; those beside it have none of their own. */
function proveFirstCall(
  built: readonly JsonObject[],
  { id }: ToolCallPart,
  isCurrent: boolean,
  { notes, recall }: Building,
): void {
  const first = built.find(({ functionCall: call }) => call !== undefined);
  if (!first || first['thoughtSignature'] !== undefined) return;
  const remembered = recall(id);
  if (remembered !== undefined) first['thoughtSignature'] = remembered;
  if (remembered !== undefined || !isCurrent) return;
  // A client may have put the thoughts that are shown together with the proof of the call.
  const thought = built.find((part) => part['thought'] === true && part['thoughtSignature'] !== undefined);
  first['thoughtSignature'] = thought?.['thoughtSignature'] ?? NO_SIGNATURE;
  if (!thought && !notes.some(({ says }) => says === UNPROVEN)) notes.push({ field: 'messages', says: UNPROVEN });
}
