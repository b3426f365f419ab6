// A phone shows one standard of a wall at a time.
const phone = matchMedia("(width < 37.5em)");

/**
 * Follow the picker and the width of the window. shown() is called whenever other columns are shown.
 * Returns show(), to be called after the table was changed.
 */
export function startColumns(table, picker, shown) {
  function show() {
    const only = phone.matches ? Number(picker.value) : null;
    table.toggleAttribute("data-one", only !== null);
    for (const row of table.querySelectorAll("tr")) {
      [...row.children].slice(1, -1).forEach((part, column) => (part.hidden = only !== null && column !== only));
    }
    shown?.();
  }

  phone.addEventListener("change", show);
  picker.addEventListener("change", show);
  show();
  return show;
}
