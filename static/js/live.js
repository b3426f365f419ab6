// An open page asks whether its class has changed: visible tabs only, every second while somebody is at work.
const BUSY_SECONDS = 60;
const SLOW_SECONDS = 15;

/**
 * at: {version, versionUrl} of the page as it was read. changed() reads the page anew and resolves to the new
 * {version, versionUrl}, or to null where it could not. Returns look(), which asks at once.
 */
export function watchClass(at, changed) {
  let { version, versionUrl } = at;
  let lastActive = performance.now();
  let timer = 0;

  async function look() {
    clearTimeout(timer);
    if (document.visibilityState === "visible") await ask().catch(() => {}); // the next look will tell
    const busy = performance.now() - lastActive < BUSY_SECONDS * 1000;
    timer = setTimeout(look, (busy ? 1 : SLOW_SECONDS) * 1000);
  }

  async function ask() {
    const answer = await fetch(versionUrl, { headers: { "If-None-Match": `"${version}"` }, cache: "no-store" });
    if (answer.status === 304 || answer.status >= 500) return;
    // 404: the ticket has run out. The page itself gives a new one, or says that nobody is signed in.
    if (answer.ok && (await answer.text()) === version) return;
    ({ version, versionUrl } = (await changed()) ?? { version, versionUrl });
  }

  for (const name of ["pointerdown", "keydown", "scroll"]) {
    addEventListener(name, () => (lastActive = performance.now()), { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  look();
  return look;
}
