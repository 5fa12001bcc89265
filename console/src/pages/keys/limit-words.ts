/** What is taken of what may be used at once; 0 to 1. */
export function takenShare(remaining: number, most: number): number {
  return most <= 0 ? 1 : Math.min(1, Math.max(0, 1 - remaining / most));
}
