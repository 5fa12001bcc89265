interface Usage {
  readonly requests: number;
  readonly cost_usd: number;
  readonly cost_unknown_requests: number;
  readonly tokens: { readonly input: number | null; readonly output: number | null };
}

interface Organisation {
  readonly name: string;
  readonly projects: readonly string[];
}

export interface ProjectRow {
  readonly name: string;
  readonly organisation: string | undefined;
  readonly requests: number;
  readonly tokens: number;
  readonly costUsd: number;
  readonly costUnknown: number;
  /** Of what all projects cost together. */
  readonly share: number | null;
}

/** Every project that was used, has a key or stands in an organisation; the dearest first. */
export function projectRows(
  usage: readonly Usage[],
  organisations: readonly Organisation[],
  withKeys: Iterable<string>,
): ProjectRow[] {
  const organisationOf = new Map(organisations.flatMap(({ name, projects }) => projects.map((one) => [one, name])));
  const used = new Map<string, Usage>();
  for (const row of usage) {
    const { project } = row as Usage & { readonly project?: unknown };
    if (typeof project === 'string' && project !== '') used.set(project, row);
  }
  const total = [...used.values()].reduce((sum, row) => sum + row.cost_usd, 0);
  const names = new Set([...used.keys(), ...organisationOf.keys(), ...withKeys]);
  return [...names]
    .map((name) => rowOf(name, organisationOf.get(name), used.get(name), total))
    .toSorted((a, b) => b.costUsd - a.costUsd || b.requests - a.requests || a.name.localeCompare(b.name));
}

function rowOf(name: string, organisation: string | undefined, usage: Usage | undefined, total: number): ProjectRow {
  const costUsd = usage?.cost_usd ?? 0;
  return {
    name,
    organisation,
    requests: usage?.requests ?? 0,
    tokens: (usage?.tokens.input ?? 0) + (usage?.tokens.output ?? 0),
    costUsd,
    costUnknown: usage?.cost_unknown_requests ?? 0,
    share: total > 0 ? costUsd / total : null,
  };
}
