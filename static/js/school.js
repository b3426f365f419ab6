// The school page: the open figure stays ringed, Esc closes the panel and gives the focus back to it. A choice above
// swaps #main and #panel, so everything hangs on the document, and the focus stays with the menu that was used.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-print]");
  if (!button) return;
  button.closest("details")?.removeAttribute("open");
  window.print();
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
document.addEventListener("click", (event) => {
  const way = event.target.closest("#panel a[data-close]");
  if (!way) return;
  event.preventDefault();
  const cell = document.querySelector("[data-school] [aria-current]");
  cell?.removeAttribute("aria-current");
  history.pushState(null, "", way.href);
  document.querySelector("#panel").replaceChildren();
  cell?.focus();
});
