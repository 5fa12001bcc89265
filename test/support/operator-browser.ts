import assert from 'node:assert/strict';

import type { Json, JsonObject } from '../../src/core/json.ts';

export interface BrowserAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: JsonObject;
}

export interface BrowserRequest {
  readonly method?: string;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** The console in somebody's browser, as far as the gateway sees it: keeps its cookies. */
export class OperatorBrowser {
  readonly #url: () => string;
  readonly #usual: Readonly<Record<string, string>>;
  readonly cookies = new Map<string, string>();

  constructor(url: () => string, usual: Readonly<Record<string, string>> = {}) {
    this.#url = url;
    this.#usual = usual;
  }

  /** Asks under `/admin/v1`; a header that is undefined is left out. */
  ask(path: string, request: BrowserRequest = {}): Promise<BrowserAnswer> {
    return this.fetch(`/admin/v1${path}`, request);
  }

  async fetch(path: string, { method = 'GET', body, headers = {} }: BrowserRequest = {}): Promise<BrowserAnswer> {
    const usual = {
      ...this.#usual,
      ...(method === 'GET' ? {} : { 'x-causeway-console': '1', 'sec-fetch-site': 'same-origin' }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(this.cookies.size === 0 ? {} : { cookie: this.#cookie() }),
      ...headers,
    };
    const sent = Object.entries(usual).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const response = await fetch(new URL(path, this.#url()), {
      method,
      headers: sent,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const json = isJson && text.startsWith('{') ? (JSON.parse(text) as JsonObject) : {};
    return { status: response.status, headers: response.headers, text, json };
  }

  async signIn(key: string): Promise<BrowserAnswer> {
    const answer = await this.ask('/session', { method: 'POST', body: { key } });
    assert.equal(answer.status, 200, answer.text);
    return answer;
  }

  #cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/max-age=0/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
