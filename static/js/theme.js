// Runs before the first paint, so it is no module. Nothing here is personal: one word about appearance.
(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("lrm-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Storage is closed to us (private window, policy): the system's choice stands.
  }
  // A face without a 500 weight draws 500 as 400; then tokens.css stays with 600.
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return;
  const face = '-apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", system-ui, sans-serif';
  const width = (weight) => {
    pen.font = `${weight} 64px ${face}`;
    return pen.measureText("Students Hamburgefonstiv").width;
  };
  if (width(500) !== width(400)) root.dataset.medium = "500";
})();

// Style sheets hide what only works with script, or only without it.
document.documentElement.dataset.script = "on";
