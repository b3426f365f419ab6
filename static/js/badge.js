// What a scanned square holds stands behind the # of the address: take it out of there, then post it. A square that
// is scanned while this page stands open changes only that part, and loads nothing.
const form = document.querySelector("[data-badge]");

function read() {
  const written = decodeURIComponent(location.hash.slice(1));
  if (form && written) {
    history.replaceState(null, "", location.pathname);
    form.elements.badge.value = written;
    form.submit();
  }
}

addEventListener("hashchange", read);
read();
