import type { ReactNode } from 'react';

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

/** Names and what they are, in as many columns as there is room for. */
export function FactsGrid({ facts, narrow = false }: { readonly facts: readonly Fact[]; readonly narrow?: boolean }) {
  const columns = narrow
    ? 'sm:grid-cols-[repeat(auto-fill,minmax(10rem,1fr))]'
    : 'sm:grid-cols-[repeat(auto-fill,minmax(11rem,1fr))]';
  return (
    <dl className={`grid grid-cols-2 gap-x-6 gap-y-2.5 ${columns}`}>
      {facts.map(({ name, value }) => (
        <div key={name} className="min-w-0">
          <dt className="truncate text-xs text-muted">{name}</dt>
          <dd className="mt-0.5 text-[13px] break-words tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
