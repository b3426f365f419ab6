// The one role=status of a page. Words come translated from the template.

const place = () => document.querySelector("[data-status]");

/**
 * Say what happens to work. state "danger" is for the machine's own trouble only; it stays until something else is said.
 * @param {string} text
 * @param {{state?: "" | "danger"}} options
 */
export function say(text, { state = "" } = {}) {
  const status = place();
  if (!status) return;
  status.textContent = text;
  if (state) status.dataset.state = state;
  else delete status.dataset.state;
}

/** Say one of the sentences that status.html carries: unreachable, refused, gone, signedOut. */
export function sayKnown(name) {
  const status = place();
  if (status) say(status.dataset[name] ?? "", { state: "danger" });
}

const SECONDS_OF_A_TOAST = 8;

/** Let every toast under root go after eight seconds, not while it is pointed at or holds the focus. */
export function startToasts(root = document) {
  for (const toast of root.querySelectorAll("[data-toast]:not([data-started])")) {
    toast.dataset.started = "";
    let timer;
    const start = () => {
      clearTimeout(timer);
      timer = setTimeout(() => toast.remove(), SECONDS_OF_A_TOAST * 1000);
    };
    const wait = () => clearTimeout(timer);
    for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, wait);
    for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
    start();
  }
}

function announceTrouble() {
  document.addEventListener("htmx:sendError", () => sayKnown("unreachable"));
  document.addEventListener("htmx:timeout", () => sayKnown("unreachable"));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401 || status === 403) sayKnown("signedOut");
    else if (status === 404 || status === 410) sayKnown("gone");
    else sayKnown("refused");
  });
  // A request that arrives again takes back what was said about the one that did not.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && place()?.dataset.state === "danger") say("");
  });
}

announceTrouble();
