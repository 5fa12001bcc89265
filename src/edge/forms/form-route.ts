import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { MIMEType } from 'node:util';

import type { FastifyInstance, RouteOptions } from 'fastify';

import type { AbortedBy } from '../../core/cancellation.ts';
import { GatewayError } from '../../core/errors.ts';
import { abortError } from '../../core/abort-error.ts';
import { HttpCall, type Surface } from '../call-factory.ts';
import type { EdgeDeps } from '../edge-deps.ts';
import type { OpenExchange } from '../open-exchanges.ts';
import { refuse } from '../refuse.ts';
import { discardRest } from '../write-error.ts';
import { Exchange, type ExchangeContext } from '../write-reply.ts';
import { malformed } from './form-errors.ts';
import { FormSource } from './form-source.ts';
import { gatherForm } from './gather-form.ts';
import { HeldForm } from './held-form.ts';
import { readParts } from './read-parts.ts';
import type { UploadedForm } from './uploaded-form.ts';

const FORM_CONTENT_TYPE = /^multipart\/form-data(?:;|$)/i;

const SEND_A_FORM =
  'Send the body as a form with "Content-Type: multipart/form-data", or as JSON where the API has that.';
const DEFAULT_LIMIT_BYTES = 512 * 1024 ** 2;
/** RFC 2046, 5.1.1, with more characters than it allows since clients use them. */
const BOUNDARY = /^[ -~]{1,70}$/;

export function isForm({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return FORM_CONTENT_TYPE.test(headers['content-type'] ?? '');
}

/** A route that takes forms besides JSON. Nothing is read of one before its handler is asked. */
export function registerFormRoute(app: FastifyInstance, route: RouteOptions): void {
  void app.register(async (forms) => {
    forms.addContentTypeParser(FORM_CONTENT_TYPE, (_request, _payload, done) => done(null));
    forms.route({ ...route, errorHandler: namingForms(route.errorHandler) });
  });
}

function namingForms(errorHandler: RouteOptions['errorHandler']): NonNullable<RouteOptions['errorHandler']> {
  return function (thrown, request, reply) {
    const isType = thrown.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE';
    const error = isType ? new GatewayError('content_type_unsupported', { message: SEND_A_FORM }) : thrown;
    return errorHandler?.call(this, error, request, reply);
  };
}

/** What a form is taken in with. */
export interface FormContext {
  readonly deps: EdgeDeps;
  readonly exchanges: ExchangeContext;
  isDraining(): boolean;
}

/** Takes a form in and has it answered. Never rejects. */
export function answerForm(
  context: FormContext,
  surface: Surface,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  void new FormIntake(context, surface, request, response).run();
}

/** One form and the socket on which it comes, from its first byte until there is a call to answer. */
class FormIntake implements OpenExchange {
  place = -1;
  readonly #context: FormContext;
  readonly #surface: Surface;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #held: HeldForm;
  #source: FormSource | undefined;

  constructor(context: FormContext, surface: Surface, request: IncomingMessage, response: ServerResponse) {
    this.#context = context;
    this.#surface = surface;
    this.#request = request;
    this.#response = response;
    this.#held = new HeldForm(context.deps.limits.uploads?.folder ?? tmpdir());
  }

  async run(): Promise<void> {
    const { deps, exchanges } = this.#context;
    const { open } = exchanges;
    open.add(this);
    // Not the call that is answered: that one begins when its form is there.
    const sender = new HttpCall(this.#surface, this.#request, deps);
    try {
      // A body that nobody may send costs neither time nor disk.
      deps.identify(sender);
      this.#refuseLate();
      const form = await this.#gather();
      this.#refuseLate();
      const call = new HttpCall(this.#surface, this.#request, deps, { body: this.#held.toJson(), form });
      void new Exchange(call, this.#surface.adapter, this.#response, exchanges).run();
    } catch (thrown) {
      this.#end();
      refuse(deps, this.#surface, sender, this.#response, thrown);
    } finally {
      open.delete(this);
    }
  }

  cancel(by: AbortedBy): void {
    this.#source?.close(abortError(by));
  }

  endConnection(): void {
    this.#response.shouldKeepAlive = false;
  }

  #gather(): Promise<UploadedForm> {
    const boundary = boundaryOf(this.#request.headers['content-type'] ?? '');
    const { limits } = this.#context.deps;
    const source = new FormSource(this.#request, {
      limitBytes: limits.uploads?.limitBytes ?? DEFAULT_LIMIT_BYTES,
      silenceMs: limits.uploads?.silenceMs,
    });
    this.#source = source;
    this.#response.once('finish', () => this.#answered()).once('close', () => this.#end());
    if (/100-continue/i.test(this.#request.headers.expect ?? '')) this.#response.writeContinue();
    const { operation, path } = this.#surface;
    const isAwaited = operation !== 'resource' && path?.model === undefined;
    return gatherForm(readParts(source.next, boundary), this.#held, isAwaited ? 'model' : undefined);
  }

  /** What may have happened while the form came. */
  #refuseLate(): void {
    if (this.#context.isDraining()) throw new GatewayError('shutting_down');
    if (this.#response.destroyed) throw new GatewayError('client_aborted');
  }

  /** An answer may come before the form's end; its client goes on sending until it has read it. */
  #answered(): void {
    this.#end();
    discardRest(this.#response);
  }

  #end(): void {
    this.#source?.close(new GatewayError('client_aborted'));
    this.#held.close().catch((cause: unknown) => {
      this.#context.deps.log.error({ err: cause }, 'the temporary file of a form could not be closed');
    });
  }
}

/** @throws request_invalid */
function boundaryOf(contentType: string): string {
  let boundary: string | null = null;
  try {
    boundary = new MIMEType(contentType).params.get('boundary');
  } catch {
    // Not a content type at all; what it lacks is said below.
  }
  if (boundary !== null && BOUNDARY.test(boundary)) return boundary;
  throw malformed('its Content-Type has no boundary of 1 to 70 characters');
}
