import type { DiffLine } from './diff.ts';

export type ShownLine = DiffLine | { readonly kind: 'fold'; readonly count: number };

/** How many lines around a difference say where it is. */
const AROUND = 2;

/** Only differences with what is around them; of the rest how much it is. */
export function folded(lines: readonly DiffLine[], around = AROUND): ShownLine[] {
  const isNear = new Uint8Array(lines.length);
  lines.forEach(({ kind }, at) => {
    if (kind === 'changed') isNear.fill(1, Math.max(0, at - around), at + around + 1);
  });
  const shown: ShownLine[] = [];
  lines.forEach((line, at) => {
    const last = shown.at(-1);
    if (isNear[at] === 1) shown.push(line);
    else if (last?.kind === 'fold') shown[shown.length - 1] = { kind: 'fold', count: last.count + 1 };
    else shown.push({ kind: 'fold', count: 1 });
  });
  return shown;
}
