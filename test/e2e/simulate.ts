/** Asks the simulator to behave in a certain way for one request. */
export function simulate(settings: string): { headers: Record<string, string> } {
  return { headers: { 'x-causeway-simulate': settings } };
}
