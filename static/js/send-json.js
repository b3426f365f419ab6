// JSON to an address of ours, by somebody who may have to sign in again meanwhile.

let token = document.querySelector("meta[name=csrf-token]")?.content;

/**
 * Resolves to {data} where the server took it, to {refused} (its sentence, or "gone") where it never will.
 * Rejects where it did not arrive, with what `notLetIn` says where nobody was let in.
 */
export async function sendJson(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
    redirect: "manual",
  });
  if (answer.ok) return { data: await answer.json() };
  if (answer.type === "opaqueredirect" || [403, 409].includes(answer.status)) throw await notLetIn(body.who);
  if (answer.status === 404) return { refused: "gone" };
  if (answer.status === 400) return { refused: (await answer.json()).why };
  throw new Error(String(answer.status));
}

/** The token of the moment, for what is sent as a form. */
export const csrfToken = () => token;

/** An error: `isOut` while nobody is signed in, `isOther` while it is not the person who is meant. */
export async function notLetIn(mine) {
  const now = await who();
  return Object.assign(new Error("not let in"), { isOut: now === null, isOther: Boolean(mine && now && now !== mine) });
}

/**
 * Who this page opens to now: its `data-who`, "" where it names nobody, null while it opens to nobody. Signing in again,
 * in another window, makes a new token, which is kept on the way.
 */
export async function who() {
  const answer = await fetch(location.href, { redirect: "manual" });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  token = page.querySelector("meta[name=csrf-token]").content;
  return page.querySelector("[data-who]")?.dataset.who ?? "";
}
