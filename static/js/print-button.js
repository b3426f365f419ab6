// A button that prints the page; hidden without script, where the browser's own menu does it.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
