/**
 * Ids of the responses, and of the items in them, that this gateway makes itself, where the provider speaks another
 * protocol. They are made of the call's id, so that an item's id tells whose response it is of, and so that
 * they can be told from most ids of providers.
 */
const CALL_ID = '[0-9a-f]{12}7[0-9a-f]{3}8[0-9a-f]{15}';
const RESPONSE_ID = new RegExp(`^resp_(${CALL_ID})$`);
const ITEM_ID = new RegExp(`^[a-z]+_(${CALL_ID})_i?\\d+$`);

/** `resp_…`. @param callId 32 hex digits */
export function responseId(callId: string): string {
  return `resp_${callId}`;
}

/** An item of the answer. @param prefix of its kind: `msg`, `fc`, `rs` @param index where it stands in `output` */
export function itemId(prefix: string, callId: string, index: number): string {
  return `${prefix}_${callId}_${index}`;
}

/** An item of the input that came without an id. @param index where it stands in `input` */
export function inputItemId(prefix: string, callId: string, index: number): string {
  return `${prefix}_${callId}_i${index}`;
}

/** Whether a response's id may be one of ours; few of a provider's look so. */
export function isOwnResponseId(id: string): boolean {
  return RESPONSE_ID.test(id);
}

/** The response that an item is of; undefined where its id is not one of ours. */
export function responseOfItem(id: string): string | undefined {
  const callId = ITEM_ID.exec(id)?.[1];
  return callId === undefined ? undefined : responseId(callId);
}
