interface Target {
  readonly target: string;
  readonly keys: readonly {
    readonly id: string;
    readonly hint: string;
    readonly weight: number;
    readonly state: string;
  }[];
}

/** A key of a provider, as this process saw it. */
export interface KeyInUse {
  readonly id: string;
  readonly provider: string;
  /** Its last four characters; empty where the provider is asked without a key. */
  readonly hint: string;
  readonly weight: number;
  /** The worst that any target says of it. */
  readonly state: string;
  readonly targets: readonly string[];
}

const RANKS: readonly string[] = ['usable', 'limited', 'refused'];

function providerOf(target: string): string {
  return target.slice(0, Math.max(0, target.indexOf('/')));
}

/** Each key once, with the targets that are asked with it. */
export function keysInUse(targets: readonly Target[]): KeyInUse[] {
  const found = new Map<
    string,
    { provider: string; hint: string; weight: number; state: string; targets: Set<string> }
  >();
  for (const { target, keys } of targets) {
    const provider = providerOf(target);
    for (const { id, hint, weight, state } of keys) {
      const name = `${provider} ${id}`;
      const known = found.get(name) ?? { provider, hint, weight, state, targets: new Set<string>() };
      known.targets.add(target);
      if (RANKS.indexOf(state) > RANKS.indexOf(known.state)) known.state = state;
      found.set(name, known);
    }
  }
  return [...found]
    .map(([name, { targets: asked, ...rest }]) => ({ ...rest, id: name, targets: [...asked].toSorted() }))
    .toSorted((a, b) => a.provider.localeCompare(b.provider) || a.id.localeCompare(b.id));
}

/** The one of them that was stored with these last characters. */
export function seenAs(
  keys: readonly KeyInUse[],
  stored: { readonly provider: string; readonly hint: string },
): KeyInUse | undefined {
  return keys.find(({ provider, hint }) => provider === stored.provider && lastOf(hint) === lastOf(stored.hint));
}

/** `sk-…4711` and `4711` are the same. */
export function lastOf(hint: string): string {
  return hint.slice(-4);
}
