// The school page: the open figure stays ringed, Esc closes the panel and gives the focus back to it. A choice above
// swaps #main, so everything hangs on the document, and the focus stays with the menu that was used.
const panel = document.querySelector("#panel");
const opened = () => document.querySelector("[data-school] [aria-current]");

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const cell = event.target.closest?.("[data-school] .share-cell");
  if (!cell || !event.detail.successful) return;
  for (const other of document.querySelectorAll("[data-school] [aria-current]")) other.removeAttribute("aria-current");
  cell.setAttribute("aria-current", "true");
});

let used = "";

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.boosted) used = event.target.closest("details")?.querySelector("summary")?.id ?? "";
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "main") return; // the panel settles with it
  (document.getElementById(used) ?? document.querySelector("#main")).focus({ preventScroll: true });
  used = "";
});

// The way back is a link for whoever has no script; here it only empties the panel.
panel?.addEventListener("click", (event) => {
  const way = event.target.closest("a[data-close]");
  if (!way) return;
  event.preventDefault();
  const cell = opened();
  cell?.removeAttribute("aria-current");
  history.pushState(null, "", way.href);
  panel.replaceChildren();
  cell?.focus();
});
