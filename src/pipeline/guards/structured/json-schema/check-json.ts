import { type Json, type JsonObject, isJsonObject, parseJson } from '../../../../core/json.ts';
import { type Fits, both } from './keyword.ts';
import { SchemaWalk } from './schema-walk.ts';
import { TooMuchWork } from './work.ts';

/** One thing that is not as the schema says. */
export interface SchemaFault {
  /** A JSON pointer into the answer. */
  readonly path: string;
  /** The word of the schema that is not kept, such as `required`. */
  readonly keyword: string;
  /** What would be right. It may have names and values of the schema. */
  readonly says: string;
}

export type Checked =
  | {
      readonly outcome: 'valid' | 'invalid';
      readonly faults: readonly SchemaFault[];
      /** Words of the schema that were not looked at, since they are not known here or cannot be run. */
      readonly unchecked: readonly string[];
    }
  /** Nothing is known: the schema asks for too much. */
  | { readonly outcome: 'undecided'; readonly reason: string };

export interface CheckOptions {
  /** Whether a text stands for another one that is not known here, so that only its being a text is looked at. */
  readonly isStandIn?: (text: string) => boolean;
}

/** Characters. */
const LONGEST_SCHEMA = 256 * 1024;

/**
 * Holds JSON values, of which all have to be right, against a JSON schema of 2020-12 (and what earlier drafts and OpenAPI wrote otherwise). The schema
 * is a client's: it is walked, never compiled to code; references lead nowhere but into itself; its patterns are run in
 * linear time; work and depth are bounded, for all of them together.
 * @see https://json-schema.org/draft/2020-12/json-schema-validation (checked 2026-11-22)
 */
export function checkJson(schema: JsonObject, values: readonly Json[], options: CheckOptions = {}): Checked {
  const text = JSON.stringify(schema);
  if (text.length > LONGEST_SCHEMA) return { outcome: 'undecided', reason: 'the schema is too long' };
  try {
    const walk = new SchemaWalk(plain(schema, text), options.isStandIn);
    // What nobody can say is no fault; it is listed.
    const fits = values.reduce<Fits>((all, value) => both(all, walk.check(value)), true);
    return {
      outcome: fits !== false ? 'valid' : 'invalid',
      faults: walk.faults,
      unchecked: [...walk.unchecked].toSorted(),
    };
  } catch (thrown) {
    if (thrown instanceof TooMuchWork) return { outcome: 'undecided', reason: thrown.message };
    throw thrown;
  }
}

/** Numbers that are kept as they were written are numbers again. */
function plain(schema: JsonObject, text: string): JsonObject {
  const parsed = parseJson(text);
  return isJsonObject(parsed) ? parsed : schema;
}
