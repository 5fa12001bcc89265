const KEPT_AS = 'causeway.reloaded-at';
const AT_MOST_EVERY_MS = 30_000;

/**
 * A page that was opened before the gateway was brought up to date asks for files of a console that is gone: it is
 * loaded anew, once in a while, so that a file that is really missing ends in an error and not in a circle.
 */
export function reloadWhenStale(): void {
  globalThis.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(KEPT_AS) ?? 0);
    if (Date.now() - last < AT_MOST_EVERY_MS) return;
    event.preventDefault();
    sessionStorage.setItem(KEPT_AS, String(Date.now()));
    location.reload();
  });
}
