import { type BodyPatch, patchJson } from '../../core/body-patch.ts';
import { type Json, type JsonObject, isJsonObject } from '../../core/json.ts';

/** Names on the way to a value. None has a `/` or a `~`. */
export type Path = readonly (string | number)[];

/** What is changed of one body, step by step: each change sees those before it. */
export class BodyChanges {
  readonly patches: BodyPatch[] = [];
  /** What is not done, or not as it was said; `field: says`. */
  readonly warnings: string[] = [];
  #body: JsonObject;

  constructor(body: JsonObject) {
    this.#body = body;
  }

  at(path: Path): Json | undefined {
    return path.reduce<Json | undefined>((value, name) => {
      if (Array.isArray(value)) return value[Number(name)];
      return isJsonObject(value) ? value[name] : undefined;
    }, this.#body);
  }

  /** Whether the client says something there; `null` is nothing. */
  has(path: Path): boolean {
    const value = this.at(path);
    return value !== undefined && value !== null;
  }

  /** Nothing where it is so already. Objects on the way that are not there are made. */
  set(path: Path, value: Json): void {
    if (this.at(path) === value) return;
    const there = path.findIndex((_, end) => end > 0 && !isHolder(this.at(path.slice(0, end))));
    if (there < 0) this.#apply({ op: 'set', path: pointer(path), value });
    else {
      const inner = path.slice(there).reduceRight<Json>((held, name) => ({ [String(name)]: held }), value);
      this.#apply({ op: 'set', path: pointer(path.slice(0, there)), value: inner });
    }
  }

  insert(path: Path, value: Json): void {
    this.#apply({ op: 'insert', path: pointer(path), value });
  }

  remove(path: Path): void {
    if (this.at(path) !== undefined) this.#apply({ op: 'remove', path: pointer(path) });
  }

  warn(path: Path, says: string): void {
    this.warnings.push(`${path.join('.')}: ${says}`);
  }

  #apply(patch: BodyPatch): void {
    this.patches.push(patch);
    const changed = patchJson(this.#body, [patch]);
    if (isJsonObject(changed)) this.#body = changed;
  }
}

function isHolder(value: Json | undefined): boolean {
  return Array.isArray(value) || isJsonObject(value);
}

function pointer(path: Path): string {
  return path.map((name) => `/${name}`).join('');
}
