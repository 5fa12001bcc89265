const KEPT_AS = 'causeway.reloaded-at';
const AT_MOST_EVERY_MS = 30_000;
const LIMIT_MS = 5000;
const SCRIPT = /\/console\/assets\/index-[\w-]+\.js/;

/** Nobody answers where the gateway was. */
export class GatewayAway extends Error {
  override readonly name = 'GatewayAway';
}

/** A part of a page is missing, though the gateway answers. Told in words of ours: the router reloads on the browser's. */
class PartMissing extends Error {
  override readonly name = 'PartMissing';
}

/** What the gateway serves as its console; undefined where it does not answer. */
async function servedScript(): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const health = await fetch('/healthz', { cache: 'no-store', signal });
    if (!health.ok) return undefined;
    const index = await fetch('/console/', { cache: 'no-store', signal });
    return index.ok ? (SCRIPT.exec(await index.text())?.[0] ?? '') : undefined;
  } catch {
    return undefined;
  }
}

export async function gatewayAnswers(): Promise<boolean> {
  return (await servedScript()) !== undefined;
}

/** The script that this page was begun with. */
function ownScript(): string | undefined {
  return [...document.scripts].map(({ src }) => SCRIPT.exec(src)?.[0]).find((path) => path !== undefined);
}

function mayReload(): boolean {
  if (Date.now() - Number(sessionStorage.getItem(KEPT_AS) ?? 0) < AT_MOST_EVERY_MS) return false;
  sessionStorage.setItem(KEPT_AS, String(Date.now()));
  return true;
}

/**
 * The code of a page. One that was opened before the gateway was brought up to date asks for files of a console that
 * is gone: it is loaded anew, once in a while, and only where the gateway answers with another console. Loading anew
 * while it is away would leave nothing but the browser's own page.
 *
 * @throws GatewayAway, or what was wrong with the file
 */
export async function loadPage<Page>(load: () => Promise<Page>): Promise<Page> {
  try {
    return await load();
  } catch (error) {
    const served = await servedScript();
    if (served === undefined) throw new GatewayAway(String(error));
    if (served !== ownScript() && mayReload()) {
      location.reload();
      // The page that goes away draws nothing more.
      return new Promise<never>(() => undefined);
    }
    throw new PartMissing(String(error), { cause: error });
  }
}
