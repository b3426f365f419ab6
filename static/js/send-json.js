// JSON to an address of ours, by somebody who may have to sign in again meanwhile.

let token = document.querySelector("meta[name=csrf-token]")?.content;

/**
 * Resolves to {data} where the server took it, to {refused} (its sentence, or "gone") where it never will.
 * Rejects where it did not arrive; `isOut` of the error is true while nobody is signed in.
 */
export async function sendJson(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
    redirect: "manual",
  });
  if (answer.ok) return { data: await answer.json() };
  if (answer.type === "opaqueredirect" || answer.status === 403) {
    throw Object.assign(new Error("not let in"), { isOut: !(await renewToken()) });
  }
  if (answer.status === 404) return { refused: "gone" };
  if (answer.status === 400) return { refused: (await answer.json()).why };
  throw new Error(String(answer.status));
}

/** The token of the moment, for what is sent as a form. */
export const csrfToken = () => token;

/** Signing in again, in another window, makes a new token; false while nobody is signed in. */
export async function renewToken() {
  const answer = await fetch(location.href, { redirect: "manual" });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  token = page.querySelector("meta[name=csrf-token]").content;
  return true;
}
