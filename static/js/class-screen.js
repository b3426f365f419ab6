// The class screen follows new results by itself; an open menu and the focus stay where they are.
import { watchClass } from "./live.js";

const PARTS = [".screen-head > div", ".screen-columns, .screen-empty", ".screen-foot"];
const screen = document.querySelector("[data-class-screen]");

async function follow() {
  const answer = await fetch(location.href, { redirect: "manual" });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of PARTS) {
    const fresh = page.querySelector(part);
    if (fresh) screen.querySelector(part)?.replaceWith(fresh);
  }
  return page.querySelector("[data-class-screen]").dataset;
}

watchClass(screen.dataset, follow);
