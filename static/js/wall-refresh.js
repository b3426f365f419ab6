// New levels on an open wall: taken over cell by cell, so that focus, scroll and the open receipt stay where they are.
import { watchClass } from "./live.js";
import { say } from "./status.js";

const WASH_SECONDS = 2;
const OWN_ACT_SECONDS = 5;
const UPDATING_SECONDS = 5;
const CELL = "tbody td > a";
const FOLLOWS = ["data-level", "data-trend", "data-by", "data-newer", "aria-label"];

/** Follow the class; changed() is called after new levels were taken over. */
export function watch(wall, { changed }) {
  const updating = document.querySelector("[data-updating]");
  let quietUntil = 0;
  let nextLook = 0;

  async function follow() {
    const fresh = await read();
    if (!fresh) return null;
    if (updating) updating.hidden = fresh.querySelector("[data-updating]")?.hidden ?? true;
    followWhileUpdating();
    takeOver(fresh);
    return fresh.querySelector("[data-wall]").dataset;
  }

  /** A result that changes no level changes no version: only the page itself says that it was worked in. */
  function followWhileUpdating() {
    clearTimeout(nextLook);
    if (!updating || updating.hidden) return;
    const look = document.visibilityState === "visible" ? follow : async () => followWhileUpdating();
    nextLook = setTimeout(() => look().catch(followWhileUpdating), UPDATING_SECONDS * 1000);
  }

  async function read() {
    const answer = await fetch(location.href, { redirect: "manual" });
    if (!answer.ok) {
      if (answer.type === "opaqueredirect") say(wall.dataset.signedOut ?? "", { state: "danger" });
      return null;
    }
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  function takeOver(page) {
    const place = (cell) => cell.getAttribute("href");
    const mine = new Map([...wall.querySelectorAll(CELL)].map((cell) => [place(cell), cell]));
    const incoming = [...page.querySelectorAll(`[data-wall] ${CELL}`)];
    if (incoming.length !== mine.size || incoming.some((cell) => !mine.has(place(cell)))) {
      location.reload(); // other learners or other standards: a new wall
      return;
    }
    const news = incoming.filter((cell) => mine.get(place(cell)).ariaLabel !== cell.ariaLabel);
    for (const cell of news) draw(mine.get(place(cell)), cell);
    if (!mine.size) return;
    wall.querySelector(".wall-summary").replaceWith(page.querySelector(".wall-summary"));
    copyTotals(wall, page);
    for (const selector of ["[data-legend] b", ".as-of > summary"]) copyTexts(page, selector);
    // What one has just done oneself is news already: its sentence stands for a while.
    if (news.length && performance.now() > quietUntil) say(wall.dataset.updated);
    changed?.();
  }

  followWhileUpdating();
  const look = watchClass(wall.dataset, follow);
  document.addEventListener("lrm:saved", (event) => {
    if (event.detail?.said) {
      say(event.detail.said);
      quietUntil = performance.now() + OWN_ACT_SECONDS * 1000;
    }
    look();
  });
}

function draw(mine, fresh) {
  for (const name of FOLLOWS) {
    if (fresh.hasAttribute(name)) mine.setAttribute(name, fresh.getAttribute(name));
    else mine.removeAttribute(name);
  }
  mine.textContent = fresh.textContent;
  mine.dataset.state = "updated";
  setTimeout(() => mine.dataset.state === "updated" && delete mine.dataset.state, WASH_SECONDS * 1000);
}

/** Rows stay in the order in which they were read, so totals go by learner. */
function copyTotals(wall, page) {
  const totals = (root) => new Map([...root.querySelectorAll("tbody tr")].map((row) => [row.querySelector("a").getAttribute("href"), row.querySelector(".wall-total")]));
  const fresh = totals(page.querySelector("[data-wall]"));
  for (const [learner, total] of totals(wall)) total.textContent = fresh.get(learner)?.textContent ?? total.textContent;
}

function copyTexts(page, selector) {
  const fresh = [...page.querySelectorAll(selector)];
  document.querySelectorAll(selector).forEach((part, place) => (part.textContent = fresh[place]?.textContent ?? part.textContent));
}
