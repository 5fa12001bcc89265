import type { ResourceAction, ResourceKind, ResourceRequest } from '../../core/resource.ts';
import type { ModelRoute } from './dialect-adapter.ts';

/** What a provider's ids are made of: no slash, no dot segment, nothing that a path could be bent with. */
const ID = /^\w[\w-]{0,255}$/;

interface Row {
  readonly method: ResourceRequest['method'];
  /** `:id` stands for the thing's id. */
  readonly path: string;
  readonly kind: ResourceKind;
  readonly action: ResourceAction;
  readonly summary: string;
  readonly body?: 'json' | 'form';
  /** Both OpenAI's and Anthropic's clients come here, and are told apart by their headers. */
  readonly shared?: true;
}

/** A path of the allow-list of what providers keep. All else of a provider is refused. */
export function resourceRoute({ method, path, kind, action, summary, body, shared }: Row): ModelRoute {
  return {
    path,
    operation: 'resource',
    summary,
    method,
    ...(body && { body }),
    ...(shared && { shared }),
    resource(params) {
      const id = params['id'];
      if (id !== undefined && !ID.test(id)) return undefined;
      const own = path.replace(/^\/v1/, '').replace(':id', () => id ?? '');
      return { kind, action, method, id, path: own };
    },
  };
}
