// A button that prints the page; hidden without script, where the browser's own menu does it. A link to #print prints too.
document.querySelector("[data-print]")?.addEventListener("click", (event) => {
  event.target.closest("details")?.removeAttribute("open");
  window.print();
});
if (location.hash === "#print") {
  history.replaceState(null, "", location.pathname + location.search); // a reload does not print again
  window.print();
}
