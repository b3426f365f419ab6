// A button that prints the page; hidden without script, where the browser's own menu does it. A link to #print prints too.
document.querySelector("[data-print]")?.addEventListener("click", (event) => {
  const menu = event.target.closest("details");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus(); // what is closed would lose it
  }
  window.print();
});
if (location.hash === "#print") {
  history.replaceState(null, "", location.pathname + location.search); // a reload does not print again
  window.print();
}
