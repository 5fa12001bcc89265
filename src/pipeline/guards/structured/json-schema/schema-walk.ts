import { pointerParts } from '../../../../core/json-spans.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../../core/json.ts';
import type { SchemaFault } from './check-json.ts';
import { KEYWORDS } from './keywords.ts';
import { Patterns } from './patterns.ts';
import { Work } from './work.ts';

/** More faults say nothing more. */
const MOST_FAULTS = 20;

/** Words that say nothing of a value, or are read with another word. */
const SILENT: ReadonlySet<string> = new Set(
  `$schema $id id $anchor $defs definitions $comment $vocabulary title description
   default deprecated readOnly writeOnly examples example then else minContains maxContains
   additionalItems propertyOrdering strict nullable contentEncoding contentMediaType`.split(/\s+/),
);

/** Where a schema is applied. */
export interface Spot {
  readonly value: Json;
  /** A JSON pointer into the answer. */
  readonly path: string;
  /** Faults are told; not where another branch may still be right. */
  readonly tells: boolean;
}

/** One check of one value. A word that is not as it should be in the schema itself is not looked at. */
export class SchemaWalk {
  readonly faults: SchemaFault[] = [];
  readonly unchecked = new Set<string>();
  readonly work = new Work();
  readonly patterns = new Patterns(this.work);
  readonly isStandIn: (text: string) => boolean;
  readonly #root: JsonObject;

  constructor(root: JsonObject, isStandIn: (text: string) => boolean = () => false) {
    this.#root = root;
    this.isStandIn = isStandIn;
  }

  /** @throws TooMuchWork */
  check(value: Json): boolean {
    return this.apply(this.#root, { value, path: '', tells: true });
  }

  apply(schema: Json | undefined, spot: Spot): boolean {
    this.work.take(1);
    if (schema === false) return this.fault(spot, 'false', 'nothing may stand here');
    if (!isJsonObject(schema)) return true;
    if (schema['nullable'] === true && spot.value === null) return true;
    return this.work.deeper(() => this.#applyAll(schema, spot));
  }

  #applyAll(schema: JsonObject, spot: Spot): boolean {
    let isValid = true;
    for (const [word, given] of Object.entries(schema)) {
      if (given === undefined || SILENT.has(word)) continue;
      this.work.take(1);
      const outcome = Object.hasOwn(KEYWORDS, word) ? KEYWORDS[word]?.(this, given, spot, schema) : undefined;
      if (outcome === undefined) this.unchecked.add(KNOWN_BUT_UNCHECKED.has(word) ? word : 'other');
      else isValid &&= outcome;
    }
    return isValid;
  }

  /** Whether it fits, without a word of what does not. */
  fits(schema: Json | undefined, spot: Spot): boolean {
    return this.apply(schema, { ...spot, tells: false });
  }

  /** @returns false */
  fault({ path, tells }: Spot, keyword: string, says: string): false {
    if (tells && this.faults.length < MOST_FAULTS) this.faults.push({ path, keyword, says });
    return false;
  }

  /** What a reference within the schema leads to; undefined where it leads out of it, or nowhere. */
  resolve(reference: string): Json | undefined {
    const pointer = unescaped(reference.slice(1));
    // `#name` is an anchor, which is not looked for.
    if (!reference.startsWith('#') || !/^(\/|$)/.test(pointer)) return undefined;
    let at: Json | undefined = this.#root;
    for (const part of pointerParts(pointer)) {
      this.work.take(1);
      if (Array.isArray(at)) at = at[Number(part)];
      else at = isJsonObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
    }
    return at;
  }
}

/** Words of the specification that are not looked at here. Others may be anything, and are not named on records. */
const KNOWN_BUT_UNCHECKED: ReadonlySet<string> = new Set(
  `$ref $dynamicRef $recursiveRef $dynamicAnchor unevaluatedProperties unevaluatedItems
   pattern patternProperties format contentSchema dependencies`.split(/\s+/),
);

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
