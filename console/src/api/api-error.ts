interface ErrorBody {
  readonly error?: { readonly message?: string; readonly code?: string | null; readonly param?: string | null };
}

/** What the gateway refused, in its own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  readonly status: number;
  readonly code: string | undefined;
  /** The field that is at fault, where one is. */
  readonly param: string | undefined;
  /** The whole answer, e.g. with a list of problems. */
  readonly body: unknown;

  constructor(message: string, told: Pick<ApiError, 'status' | 'code' | 'param' | 'body'>) {
    super(message);
    this.status = told.status;
    this.code = told.code;
    this.param = told.param;
    this.body = told.body;
  }

  static async of(response: Response): Promise<ApiError> {
    const text = await response.text();
    const body = parsed(text);
    const error = (body as ErrorBody | undefined)?.error;
    const message = error?.message ?? (text.slice(0, 300) || `${response.status} ${response.statusText}`);
    const code = error?.code ?? undefined;
    return new ApiError(message, { status: response.status, code, param: error?.param ?? undefined, body });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What to show of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
