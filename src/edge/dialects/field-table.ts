import type { Feature } from '../../core/inference/features.ts';
import type { Treatment } from '../../core/inference/translation.ts';

/**
 * One field of a dialect's request, for `docs/translation.md`: either the features that it is decoded to, so that the
 * target's protocol says what becomes of it, or what decoding itself does with it whatever the target.
 */
export type FieldRow =
  | { readonly field: string; readonly features: readonly Feature[] }
  | { readonly field: string; readonly treatment: Treatment; readonly says: string };

/** What becomes of it depends on the target's protocol. */
export function feature(field: string, ...features: readonly Feature[]): FieldRow {
  return { field, features };
}

export function carried(field: string, says: string): FieldRow {
  return { field, treatment: 'carried', says };
}

export function mapped(field: string, says: string): FieldRow {
  return { field, treatment: 'mapped', says };
}

export function approximated(field: string, says: string): FieldRow {
  return { field, treatment: 'approximated', says };
}

export function refused(field: string, says: string): FieldRow {
  return { field, treatment: 'refused', says };
}
