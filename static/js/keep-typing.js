// What somebody types is kept once the fingers rest, and at once where the page is left or goes out of sight.
const WAIT_MS = 1200;
const AGAIN_MS = 5000;
const MOST_BYTES = 50_000; // browsers take 64 KB, with all that frames the values

/** Takes what fetch takes; the request goes on where the page is left meanwhile. */
export function post(url, body, options) {
  const keepalive = new Blob([...body].flat()).size < MOST_BYTES;
  return fetch(url, { method: "POST", body, keepalive, ...options });
}

export function whenLeft(act) {
  for (const name of ["beforeunload", "pagehide"]) addEventListener(name, act);
  document.addEventListener("visibilitychange", () => document.hidden && act());
}

/**
 * Keep a form; `send(signal)` rejects where it has to be tried again. Not once it is sent, or a form with data-drops,
 * since that could come first. Returns what says, as typing does, that there is something to keep.
 */
export function keepTyping(form, send, failed, heeds = () => true) {
  let timer;
  let sending;
  let isUnsent;

  function stop() {
    clearTimeout(timer);
    sending?.abort();
    isUnsent = false;
  }

  function keepIn(ms) {
    isUnsent = true;
    timer = setTimeout(keep, ms);
  }

  async function keep() {
    stop();
    sending = new AbortController();
    try {
      await send(sending.signal);
    } catch (error) {
      if (error.name === "AbortError") return;
      failed();
      keepIn(AGAIN_MS);
    }
  }

  function soon() {
    stop();
    keepIn(WAIT_MS);
  }

  form.addEventListener("input", ({ target }) => heeds(target) && soon());
  document.addEventListener("submit", ({ target }) => (target === form || "drops" in target.dataset) && stop());
  whenLeft(() => isUnsent && keep());
  return soon;
}
