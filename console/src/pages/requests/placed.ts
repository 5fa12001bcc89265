export interface Placed<Item> {
  /** Its place: for lists that are shown once and never change their order. */
  readonly key: string;
  readonly item: Item;
}

/** Items that have nothing of their own to be told apart by. */
export function placed<Item>(items: readonly Item[]): readonly Placed<Item>[] {
  return items.map((item, at) => ({ key: String(at), item }));
}
