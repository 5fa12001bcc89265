import { pointerParts } from '../../../../core/json-spans.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../../core/json.ts';
import type { SchemaFault } from './check-json.ts';
import { type Fits, both, pathOf } from './keyword.ts';
import { KEYWORDS } from './keywords.ts';
import { Patterns } from './patterns.ts';
import { Work } from './work.ts';

/** More faults say nothing more. */
const MOST_FAULTS = 20;

/** Words that say nothing of a value, or are read with another word. */
const SILENT: ReadonlySet<string> = new Set(
  `$schema $id id $anchor $dynamicAnchor $recursiveAnchor $defs definitions $comment $vocabulary title description
   default deprecated readOnly writeOnly examples example then else minContains maxContains
   additionalItems propertyOrdering strict nullable contentEncoding contentMediaType`.split(/\s+/),
);

/** Where a schema is applied. */
export interface Spot {
  readonly value: Json;
  /** What it is a member or an item of, and its name there; none at the root. */
  readonly outer?: Spot;
  readonly name?: string | number;
  /** Faults are told; not where another branch may still be right. */
  readonly tells: boolean;
}

/** One check of one value. A word that is not as it should be in the schema itself is not looked at. */
export class SchemaWalk {
  readonly faults: SchemaFault[] = [];
  readonly unchecked = new Set<string>();
  readonly work = new Work();
  readonly patterns = new Patterns(this.work);
  readonly #isStandIn: ((text: string) => boolean) | undefined;
  readonly #root: JsonObject;
  readonly #resolved = new Map<string, Json | undefined>();

  constructor(root: JsonObject, isStandIn?: (text: string) => boolean) {
    this.#root = root;
    this.#isStandIn = isStandIn;
  }

  /** @throws TooMuchWork */
  check(value: Json): Fits {
    return this.apply(this.#root, { value, tells: true });
  }

  /** Whether it is a text in the place of another one that is not known here, so that nobody can say what it is like. */
  isStandIn(value: Json): boolean {
    if (!this.#isStandIn || typeof value !== 'string') return false;
    this.work.takeText(value);
    return this.#isStandIn(value);
  }

  apply(schema: Json | undefined, spot: Spot): Fits {
    this.work.take(1);
    if (schema === false) return this.fault(spot, 'false', 'nothing may stand here');
    if (!isJsonObject(schema)) return true;
    if (schema['nullable'] === true && spot.value === null) return true;
    return this.work.deeper(() => this.#applyAll(schema, spot));
  }

  #applyAll(schema: JsonObject, spot: Spot): Fits {
    let all: Fits = true;
    for (const [word, given] of Object.entries(schema)) {
      if (given === undefined || SILENT.has(word)) continue;
      this.work.take(1);
      const keyword = Object.hasOwn(KEYWORDS, word) ? KEYWORDS[word] : undefined;
      if (keyword) all = both(all, keyword(this, given, spot, schema));
      else if (UNCHECKED.has(word)) all = both(all, this.unable(word));
      else this.unchecked.add('other');
    }
    return all;
  }

  /** @returns undefined: the word cannot be looked at, so that nobody can say */
  unable(word: string): undefined {
    this.unchecked.add(word);
  }

  /** Whether it fits, without a word of what does not. */
  fits(schema: Json | undefined, spot: Spot): Fits {
    return this.apply(schema, spot.tells ? { ...spot, tells: false } : spot);
  }

  /** @returns false */
  fault(spot: Spot, keyword: string, says: string | (() => string)): false {
    if (spot.tells && this.faults.length < MOST_FAULTS) {
      this.faults.push({ path: pathOf(spot), keyword, says: typeof says === 'string' ? says : says() });
    }
    return false;
  }

  /** What a reference within the schema leads to; undefined where it leads out of it, or nowhere. */
  resolve(reference: string): Json | undefined {
    if (this.#resolved.has(reference)) return this.#resolved.get(reference);
    const found = this.#find(reference);
    this.#resolved.set(reference, found);
    return found;
  }

  #find(reference: string): Json | undefined {
    this.work.takeText(reference);
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

/** Words of the specification that are not looked at here. Others say nothing, and are not named on records. */
const UNCHECKED: ReadonlySet<string> = new Set([
  '$dynamicRef',
  '$recursiveRef',
  'unevaluatedProperties',
  'unevaluatedItems',
  'contentSchema',
]);

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
