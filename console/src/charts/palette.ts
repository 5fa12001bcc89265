const SERIES = 8;

/** A colour of styles.css, in the theme that is drawn now. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The same place in a list has the same colour on every chart. */
export function seriesColour(place: number): string {
  return colour(`series-${(place % SERIES) + 1}`);
}
