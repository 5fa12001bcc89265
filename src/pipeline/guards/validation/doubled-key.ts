import type { CallBody } from '../../../core/call-body.ts';
import { doubledKey } from '../../../core/json-spans.ts';

/**
 * Whether an object of a body names a key twice, at whatever depth.
 * @throws request_invalid where it is not one JSON object
 */
export function hasDoubledKey({ raw, shape }: Pick<CallBody, 'raw' | 'shape'>): boolean {
  return !shape.isClear && doubledKey(raw) !== undefined;
}
