import type { Transport, UpstreamExchange, UpstreamFailure, UpstreamRequest } from '../transport/transport.ts';

/** What came of asking a server. */
export type Answer =
  | { readonly status: number; readonly text: string }
  | { readonly failure: UpstreamFailure['kind']; readonly cause: Error };

/** More of an answer is not looked at. */
const MAX_TEXT_BYTES = 4096;

/** Sends a request and tells once what came of it; what is returned ends it without telling anything. */
export function ask(transport: Transport, request: UpstreamRequest, done: (answer: Answer) => void): () => void {
  const pieces: Buffer[] = [];
  let status = 0;
  let bytes = 0;
  let isOver = false;
  const tell = (answer: Answer): void => {
    if (isOver) return;
    isOver = true;
    done(answer);
  };
  const exchange: UpstreamExchange = transport.send(request, {
    head(code) {
      status = code;
    },
    data(chunk) {
      if (bytes < MAX_TEXT_BYTES) pieces.push(chunk.subarray(0, MAX_TEXT_BYTES - bytes));
      bytes += chunk.length;
    },
    end: () => tell({ status, text: Buffer.concat(pieces).toString('utf8') }),
    fail: ({ kind, cause }) => tell({ failure: kind, cause }),
  });
  return () => {
    isOver = true;
    exchange.abort();
  };
}
