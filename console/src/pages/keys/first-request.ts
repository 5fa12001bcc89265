/** A request that can be pasted into a shell as it is. */
export function curlWith(origin: string, key: string, model: string): string {
  const body = { model, messages: [{ role: 'user', content: 'Hello' }] };
  return [
    `curl ${origin}/v1/chat/completions \\`,
    `  -H 'authorization: Bearer ${key}' \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'`,
  ].join('\n');
}
