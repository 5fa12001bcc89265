import type { ReactNode } from 'react';

interface BarListRow {
  readonly id: string;
  readonly label: ReactNode;
  readonly value: number;
  /** As it is written. */
  readonly text: string;
}

/** What is largest, as bars with their names on them. */
export function BarList({ rows }: { readonly rows: readonly BarListRow[] }) {
  const most = Math.max(...rows.map(({ value }) => value), Number.MIN_VALUE);
  return (
    <ul className="space-y-1">
      {rows.map(({ id, label, value, text }) => (
        <li key={id} className="relative flex h-7 items-center justify-between gap-3 px-2 text-[13px]">
          <span
            aria-hidden
            className="absolute inset-y-0 left-0 rounded bg-accent-soft"
            style={{ width: `${Math.max(0.5, (value / most) * 100)}%` }}
          />
          <span className="relative min-w-0 truncate">{label}</span>
          <span className="relative shrink-0 tabular-nums">{text}</span>
        </li>
      ))}
    </ul>
  );
}
