import type { TextPart } from '../../../core/inference/content.ts';
import type { Fields } from '../decoding/fields.ts';

/** A string is a list of one text; an empty one, of none. */
export function contentOf<Part>(
  parent: Fields,
  name: string,
  decodeBlock: (block: Fields) => readonly Part[],
): readonly (Part | TextPart)[] {
  const value = parent.raw(name);
  if (typeof value === 'string') return value === '' ? [] : [{ type: 'text', text: value }];
  if (value !== undefined && value !== null && !Array.isArray(value)) {
    throw parent.invalid(name, 'must be a string or a list of blocks');
  }
  return parent.objects(name).flatMap((block) => {
    const parts = decodeBlock(block);
    block.close();
    return parts;
  });
}
