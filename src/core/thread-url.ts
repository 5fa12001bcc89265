/**
 * Where the code of a thread is: from the sources it is `.ts`, in the published package `.js`.
 * @param name of the file, without its ending
 * @param beside `import.meta.url` of a file in the same folder
 */
export function threadUrl(name: string, beside: string): URL {
  return new URL(`./${name}${beside.endsWith('.ts') ? '.ts' : '.js'}`, beside);
}
