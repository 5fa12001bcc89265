interface KnownPath {
  readonly method: string;
  readonly parts: readonly string[];
}

/** Which paths are served, to tell a wrong method from a wrong path. `:name` stands for one part, `*` for the rest. */
export class KnownPaths {
  readonly #known: KnownPath[] = [];

  add(methods: string | readonly string[], pattern: string): void {
    for (const method of [methods].flat()) this.#known.push({ method, parts: pattern.split('/') });
  }

  /** The methods that the path is served under, in the order in which they were added. */
  methodsOf(path: string): string[] {
    const parts = path.split('/');
    return this.#known.filter((known) => matches(known.parts, parts)).map(({ method }) => method);
  }
}

function matches(pattern: readonly string[], parts: readonly string[]): boolean {
  const open = pattern.at(-1) === '*';
  if (open ? parts.length < pattern.length : parts.length !== pattern.length) return false;
  return pattern.every((part, at) => part === '*' || part.startsWith(':') || part === parts[at]);
}
