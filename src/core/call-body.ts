import { type BodyPatch, patchBytes, patchJson } from './body-patch.ts';
import { GatewayError } from './errors.ts';
import { hasLongNumber, parseExact } from './inference/exact-json.ts';
import { type JsonObject, isJsonObject } from './json.ts';
import { type JsonShape, shapeOf } from './json-shape.ts';
import type { Member } from './json-spans.ts';
import { KNOWN_BODIES, KnownBody } from './known-body.ts';
import { setMembers } from './set-members.ts';
import { TextDigests } from './text-digests.ts';

/**
 * A request body: the client's own bytes, parsed at most once, changed only by patches.
 *
 * Patches belong to the call (what every target sees) or to one attempt (`bytesWith`).
 */
export class CallBody {
  readonly raw: Buffer;
  #resolved: JsonObject | undefined;
  #amended: JsonObject | undefined;
  #amendments: BodyPatch[] = [];
  #patches: BodyPatch[] = [];
  /** Once it is parsed. */
  #known: KnownBody | undefined;
  #digests: TextDigests | undefined;
  #revision = 0;

  constructor(raw: Buffer) {
    this.raw = raw;
  }

  /**
   * The client's body as sent, without patches.
   * @throws request_invalid where it is not one JSON object, or names a top-level key twice
   */
  get json(): JsonObject {
    return (this.#known ??= KNOWN_BODIES.get(this.raw) ?? parse(this.raw)).json;
  }

  /**
   * How the client's body is built.
   * @throws request_invalid as `json` does
   */
  get shape(): JsonShape {
    return (this.#known ??= KNOWN_BODIES.get(this.raw) ?? parse(this.raw)).shape;
  }

  /** Of texts that stand in it, or are put into it. */
  get digests(): TextDigests {
    return (this.#digests ??= new TextDigests());
  }

  /**
   * Whether a name stands in the client's bytes, or the beginning of one. What is further inside of a long text is none,
   * once the body is parsed; one that is not (a form, say) is searched as it is.
   * @param name of no more than 64 bytes
   */
  names(name: string): boolean {
    const { raw } = this;
    let from = 0;
    for (const { start, end } of this.#known?.shape.longTexts ?? []) {
      if (raw.subarray(from, start + LONGEST_NAME).includes(name)) return true;
      from = end;
    }
    return (from === 0 ? raw : raw.subarray(from)).includes(name);
  }

  /**
   * The body with what it refers to, and with numbers that are written again as they came, see {@link parseExact}. For
   * translation.
   * @throws request_invalid
   */
  get exactJson(): JsonObject {
    return this.#withAmendments(this.#resolved ?? this.#parseExact());
  }

  /**
   * What is asked for, with what the client's body only refers to.
   * @throws request_invalid
   */
  get resolved(): JsonObject {
    if (this.#amendments.length === 0) return this.#resolved ?? this.json;
    return (this.#amended ??= this.#readAmended());
  }

  /** Changes with what is asked for, so that whoever keeps what was read of it knows when to read it again. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Says what the client's body means where it refers to what is kept here. Nothing of it is sent by itself: a target
   * that is sent the client's bytes needs patches that say the same.
   * @param json made of {@link exactJson}, so that what was amended before is in it
   */
  resolve(json: JsonObject): void {
    this.#revision += 1;
    this.#resolved = json;
    this.#amendments = [];
    this.#amended = undefined;
  }

  /**
   * Changes what is asked for: every attempt sends it, and whoever reads what is asked sees it, but for `json`.
   * @returns takes it back, unless what is asked for has been resolved anew since
   */
  amend(patch: BodyPatch): () => void {
    this.patch(patch);
    this.#amendWith([...this.#amendments, patch]);
    return () => {
      this.#patches = this.#patches.filter((one) => one !== patch);
      this.#amendWith(this.#amendments.filter((one) => one !== patch));
    };
  }

  #amendWith(patches: BodyPatch[]): void {
    this.#revision += 1;
    this.#amendments = patches;
    this.#amended = undefined;
  }

  get patches(): readonly BodyPatch[] {
    return this.#patches;
  }

  /** Adds a change that every attempt sends. */
  patch(patch: BodyPatch): void {
    this.#patches.push(patch);
  }

  /**
   * Adds changes that attempts send until they are taken back.
   * @returns takes them back
   */
  lend(patches: readonly BodyPatch[]): () => void {
    this.#patches = [...this.#patches, ...patches];
    return () => {
      this.#patches = this.#patches.filter((patch) => !patches.includes(patch));
    };
  }

  /**
   * Says that the same bytes may well be sent again. What is read of them is kept for that: `json`, and `resolved` with
   * the same amendments, are the same objects then.
   */
  comesAgain(): void {
    const known = this.#known;
    if (!known) return;
    if (this.#amended && !this.#resolved) known.keep(this.#amendments, this.#amended);
    if (KNOWN_BODIES.get(this.raw) !== known) KNOWN_BODIES.set(this.raw, known);
  }

  #readAmended(): JsonObject {
    const { json } = this;
    if (this.#resolved) return this.#withAmendments(this.#resolved);
    return this.#known?.with(this.#amendments) ?? this.#withAmendments(json);
  }

  #parseExact(): JsonObject {
    const { json } = this;
    const text = this.raw.toString('utf8');
    if (!hasLongNumber(text)) return json;
    const exact = parseExact(text);
    return isJsonObject(exact) ? exact : json;
  }

  #withAmendments(json: JsonObject): JsonObject {
    if (this.#amendments.length === 0) return json;
    const amended = patchJson(json, this.#amendments);
    return isJsonObject(amended) ? amended : json;
  }

  /** The bytes to send: the client's, the call's patches, then those of one attempt. */
  bytesWith(attemptPatches: readonly BodyPatch[]): Buffer {
    const patches = this.#patches.length === 0 ? attemptPatches : [...this.#patches, ...attemptPatches];
    if (patches.length === 0) return this.raw;
    return (this.#known && setMembers(this.raw, this.#known.shape.members, patches)) ?? patchBytes(this.raw, patches);
  }
}

/** Bytes at the beginning of a long text that are looked at for a name. */
const LONGEST_NAME = 64;

function parse(raw: Buffer): KnownBody {
  const value = parseObject(raw);
  const shape = shapeOf(raw);
  if (!shape.isClear) rejectDoubledKeys(shape.members, value);
  return new KnownBody(value, shape);
}

function parseObject(raw: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(raw.toString('utf8'));
  } catch (cause) {
    throw new GatewayError('request_invalid', { message: `The body is not valid JSON: ${reason(cause)}.`, cause });
  }
  if (!isJsonObject(value)) {
    throw new GatewayError('request_invalid', { message: 'The body must be one JSON object.' });
  }
  return value;
}

/**
 * V8 quotes the text around the fault; that is the client's own text, but it may be a prompt, so only the
 * position is passed on.
 */
function reason(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : '';
  const position = /at position (\d+)/.exec(text);
  if (position) return `it breaks at byte ${position[1]}`;
  return text.includes('end of JSON') ? 'it ends too early' : 'it cannot be parsed';
}

/**
 * Readers differ in which of two equal keys they take, so a check here could pass on one
 * and the provider act on the other.
 */
function rejectDoubledKeys(members: readonly Member[], value: JsonObject): void {
  if (members.length === Object.keys(value).length) return;
  const seen = new Set<string | undefined>();
  for (const { key } of members) {
    if (seen.has(key)) {
      throw new GatewayError('request_invalid', {
        message: `The body names "${key ?? ''}" twice. Send each field once.`,
        ...(key === undefined ? {} : { param: key }),
      });
    }
    seen.add(key);
  }
}
