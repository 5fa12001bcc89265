/** What is written in a cell makes its column no wider: columns stay where they are, whatever rows are seen. */
export const CELL = 'min-w-0 [contain:inline-size]';

/** Figures that stand at the right, and words at the left of the next column, would read as one. */
export const AFTER_FIGURES = 'pl-3';

export function isAfterFigures(columns: readonly { readonly align?: 'right' }[], place: number): boolean {
  return columns[place]?.align !== 'right' && columns[place - 1]?.align === 'right';
}

const USUAL_TRACK = 'minmax(7rem, 1fr)';

interface Tracks {
  /** As CSS grids have them. */
  readonly tracks: string;
  /** Below this a table scrolls sideways. Left to the grid, it would be as wide as the widest of its parts wants all to be. */
  readonly minWidth: string;
}

/** Columns with room for what they need at least, and the gaps and edges of a row. */
export function tracksOf(columns: readonly { readonly width?: string }[]): Tracks {
  const tracks = columns.map(({ width }) => width ?? USUAL_TRACK);
  const least = tracks.map((track) => /^minmax\(([^,]+),/.exec(track)?.[1] ?? track);
  return { tracks: tracks.join(' '), minWidth: `calc(${least.join(' + ')} + ${(tracks.length - 1) * 0.75 + 2}rem)` };
}
