import { GatewayError } from '../../../core/errors.ts';
import { segment } from '../gemini/model-path.ts';

/** Whose model it is, which decides the protocol. */
export type Publisher = 'google' | 'anthropic';

/** Stands in paths where only the credentials know the project; no path has braces otherwise. */
export const UNKNOWN_PROJECT = '{project}';

/** Where in Google Cloud models are asked for. */
export interface Place {
  /** Undefined where a key is enough, which then names the project itself. */
  readonly project: string | undefined;
  readonly location: string;
}

/** @see https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations (read in @anthropic-ai/vertex-sdk, checked 2026-11-21) */
export function ownAddress(location: string): string {
  if (location === 'global') return 'https://aiplatform.googleapis.com';
  // Of several regions together.
  if (location === 'us' || location === 'eu') return `https://aiplatform.${location}.rep.googleapis.com`;
  return `https://${location}-aiplatform.googleapis.com`;
}

/**
 * By the model's name.
 * @throws operation_unsupported where it is another publisher's
 */
export function publisherOf(model: string): Publisher {
  if (model.includes('/')) {
    throw new GatewayError('operation_unsupported', {
      message: `Vertex AI is asked for models of Google and of Anthropic by their names alone; "${model}" names a publisher.`,
      param: 'model',
    });
  }
  return model.startsWith('claude-') ? 'anthropic' : 'google';
}

/** `/v1/projects/p/locations/l/publishers/google/models/m`, to be followed by a colon and what is asked for. */
export function modelPath(place: Place, publisher: Publisher, model: string): string {
  return `/v1/${modelResource(place, publisher, segment(model))}`;
}

/** The same as bodies name it. */
export function modelResource({ project, location }: Place, publisher: Publisher, model: string): string {
  const own = project === undefined ? '' : `projects/${project}/locations/${location}/`;
  return `${own}publishers/${publisher}/models/${model}`;
}
