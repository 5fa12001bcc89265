/** Of a model in a path, which may name its kind itself: `tunedModels/x`. */
export function modelPath(model: string): string {
  return model.includes('/') ? model.split('/').map(segment).join('/') : `models/${segment(model)}`;
}

/** Encoded but for `@`, which stands before versions of models. */
export function segment(text: string): string {
  return encodeURIComponent(text).replaceAll('%40', '@');
}
