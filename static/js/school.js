// The school page: the open figure stays ringed, Esc closes the panel and gives the focus back to it.
const table = document.querySelector("[data-school]");
const panel = document.querySelector("#panel");

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

table?.addEventListener("htmx:afterRequest", (event) => {
  const cell = event.target.closest(".share-cell");
  if (!cell || !event.detail.successful) return;
  for (const other of table.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
  cell.setAttribute("aria-current", "true");
});

// The way back is a link for whoever has no script; here it only empties the panel.
panel?.addEventListener("click", (event) => {
  const way = event.target.closest("a[data-close]");
  if (!way) return;
  event.preventDefault();
  const opened = table?.querySelector("[aria-current]");
  opened?.removeAttribute("aria-current");
  history.pushState(null, "", way.href);
  panel.replaceChildren();
  opened?.focus();
});
