/** Things that providers keep for their clients. */
export type ResourceKind = 'file' | 'batch' | 'message-batch' | 'response';

export type ResourceAction = 'create' | 'list' | 'retrieve' | 'delete' | 'cancel' | 'read';

/** What is asked of a thing that a provider keeps. */
export interface ResourceRequest {
  readonly kind: ResourceKind;
  /** `read`: a part of it, such as a file's content. */
  readonly action: ResourceAction;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Absent where it is made or listed. */
  readonly id: string | undefined;
  /** Behind the provider's base path, e.g. `/files/file-1/content`. */
  readonly path: string;
}
