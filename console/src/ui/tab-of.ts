/** The tab that a page stands under, the nearest of several: `/safety/reviews/7` under `/safety/reviews`, not `/safety`. */
export function tabOf(pathname: string, tabs: readonly string[]): string | undefined {
  const path = pathname.replace(/^\/console(?=\/)/, '');
  return tabs
    .filter((tab) => path === tab || path.startsWith(`${tab}/`))
    .toSorted((one, other) => other.length - one.length)[0];
}
