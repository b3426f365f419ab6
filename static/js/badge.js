// What a scanned square holds stands behind the # of the address: take it out of there, then post it.
const form = document.querySelector("[data-badge]");
const written = decodeURIComponent(location.hash.slice(1));

if (form && written) {
  history.replaceState(null, "", location.pathname);
  form.elements.badge.value = written;
  form.submit();
}
