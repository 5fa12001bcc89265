/** What is written in a cell makes its column no wider: columns stay where they are, whatever rows are seen. */
export const CELL = 'min-w-0 [contain:inline-size]';

/** Figures that stand at the right, and words at the left of the next column, would read as one. */
export const AFTER_FIGURES = 'pl-3';

export function isAfterFigures(columns: readonly { readonly align?: 'right' }[], place: number): boolean {
  return columns[place]?.align !== 'right' && columns[place - 1]?.align === 'right';
}
