// What the pages in the admin do by themselves. App Bridge adds the merchant's token to every fetch.
(() => {
  const POLL = 2000; // milliseconds between looks at the import
  const PAUSE = 400; // milliseconds without a key before what was typed is looked at

  // A token lives a minute and belongs into no history; nor does the count of bounces, which this page has ended.
  const address = new URL(location.href);
  for (const name of ["id_token", "hmac", "session", "timestamp", "bounced"]) address.searchParams.delete(name);
  history.replaceState(history.state, "", address);

  // The answer, or null with a word to the merchant when there is none.
  async function ask(read, url, options) {
    try {
      return await read(await fetch(url, options));
    } catch {
      shopify.toast.show(document.body.dataset.failed, { isError: true });
      return null;
    }
  }

  // Answers {"toast", "is_error", "is_stale", "errors": {field: text}}, whatever the status. Stale: this page shows what
  // is not so any more.
  async function post(url, body) {
    const answer = await ask((response) => response.json(), url, { method: "POST", body });
    if (answer) shopify.toast.show(answer.toast, { isError: answer.is_error });
    return answer;
  }

  async function save(form) {
    const answer = await post(form.action, new FormData(form));
    mark(form, answer);
    for (const field of form.elements) {
      // What is saved is what the form goes back to when later changes are thrown away.
      if (!answer || answer.is_error) continue;
      if ("checked" in field) field.toggleAttribute("checked", field.checked);
      else if (field.name) field.setAttribute("value", field.value);
    }
    if (answer?.is_error ?? true) form.dispatchEvent(new Event("input", { bubbles: true })); // the save bar again
    else await preview();
  }

  function mark(form, answer) {
    for (const field of form.elements) if ("error" in field) field.error = answer?.errors?.[field.name] ?? "";
  }

  // What was just saved is seen at once.
  async function preview() {
    const parts = document.querySelectorAll("iframe.preview, [data-fresh]");
    if (!parts.length) return;
    const html = await ask((response) => (response.ok ? response.text() : Promise.reject(response)), location.href);
    const fresh = html && new DOMParser().parseFromString(html, "text/html");
    for (const part of fresh ? parts : []) {
      if (part.id) part.replaceChildren(...fresh.getElementById(part.id).childNodes);
      else part.srcdoc = fresh.querySelector("iframe.preview").srcdoc;
    }
  }

  // What is typed is seen while it is typed; nothing of it is kept.
  let typing;
  document.addEventListener("input", ({ target }) => {
    const form = target.closest("form[data-preview]");
    clearTimeout(typing);
    if (form) typing = setTimeout(look, PAUSE, form);
  });

  async function look(form) {
    const body = new FormData(form);
    const answer = await ask((response) => response.json(), form.dataset.preview, { method: "POST", body });
    mark(form, answer);
    if (!answer || answer.errors) return;
    const banner = document.getElementById("blocked");
    banner.hidden = !answer.blocked;
    banner.firstElementChild.textContent = answer.blocked;
    document.getElementById("subject").textContent = answer.subject;
    document.querySelector("iframe.preview").srcdoc = answer.preview;
  }

  // Rows of a form: a new one gets the next free number in the names of its fields.
  function add(name) {
    const rows = document.getElementById(`${name}s`);
    const taken = [...rows.querySelectorAll("[name]")].map((field) => Number(field.getAttribute("name").split("-")[1]));
    // Imported, not cloned: Polaris' elements have to be alive, and options known, before their select is shown.
    const blank = document.importNode(document.getElementById(`${name}-new`).content, true);
    for (const field of blank.querySelectorAll("[name]")) {
      field.setAttribute("name", field.getAttribute("name").replace("-new-", `-${Math.max(0, ...taken) + 1}-`));
    }
    rows.append(blank);
    changed(rows);
  }

  function drop(row) {
    const rows = row.parentElement;
    row.remove();
    changed(rows);
  }

  // The save bar; when the changes are thrown away, the page comes anew with the rows it had.
  function changed(rows) {
    const form = rows.closest("form");
    form.dispatchEvent(new Event("input", { bubbles: true }));
    form.addEventListener("reset", () => location.reload(), { once: true });
  }

  // A search is a POST, for an e-mail address belongs into no URL.
  async function search(form) {
    const html = (response) => (response.ok ? response.text() : Promise.reject(response));
    const answer = await ask(html, form.action, { method: "POST", body: new FormData(form) });
    const found = answer && new DOMParser().parseFromString(answer, "text/html");
    if (found) document.getElementById(form.dataset.results).replaceChildren(...found.body.childNodes);
  }

  // A filter goes into the address, so that it outlives a reload.
  function narrow(form) {
    const there = new URL(form.action);
    for (const [name, value] of new FormData(form)) if (value) there.searchParams.set(name, value);
    location.assign(there);
  }

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const { results, narrow: isFilter } = event.target.dataset;
    (results ? search : isFilter === undefined ? save : narrow)(event.target);
  });

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-add], [data-drop]");
    if (button?.dataset.add) add(button.dataset.add);
    else if (button) drop(button.closest("[data-row]"));
  });

  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-post], [data-download]");
    if (!button || button.loading) return;
    button.loading = true;
    const form = document.getElementById(button.dataset.form);
    if (button.dataset.download) await download(button.dataset.download);
    else await act(button.dataset, form);
    button.loading = false;
  });

  async function act({ post: url, next, stay }, form) {
    const answer = await post(url, form && new FormData(form));
    if (form) mark(form, answer);
    if (!answer || (answer.is_error && !answer.is_stale)) return;
    if (next && !answer.is_error) location.assign(next);
    else if (stay === undefined) location.reload();
  }

  // A permission that a merchant gives where it is needed; Shopify shows its own dialog.
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-grant]");
    if (!button || button.loading) return;
    button.loading = true;
    const { result } = await shopify.scopes.request([button.dataset.grant]).catch(() => ({ result: "" }));
    if (result === "granted-all" && (await post(button.dataset.granted))) location.reload();
    button.loading = false;
  });

  // One box for all of a name in its form.
  document.addEventListener("change", ({ target }) => {
    const name = target.dataset?.all;
    if (name) for (const box of target.closest("form").querySelectorAll(`[name="${name}"]`)) box.checked = target.checked;
  });

  // A plain link would come without the merchant's token.
  async function download(url) {
    const file = async (response) => ({
      name: /filename="?([\w.-]+)/.exec(response.headers.get("Content-Disposition"))[1],
      href: URL.createObjectURL(await response.blob()),
    });
    const made = await ask(file, url);
    if (!made) return;
    const link = Object.assign(document.createElement("a"), { href: made.href, download: made.name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(made.href), 10000);
  }

  // What only Shopify knows and what takes long comes after the page. What was touched meanwhile stays, and so does
  // what stands there already when nothing comes.
  async function fill(parts) {
    const waiting = new Set(parts);
    for (const part of parts) part.closest("form")?.addEventListener("input", () => waiting.delete(part), { once: true });
    const page = (html) => new DOMParser().parseFromString(html, "text/html");
    const read = async (response) => (response.ok ? page(await response.text()) : (await response.json()).toast);
    const came = await ask(read, location.href);
    for (const part of waiting) {
      if (came?.body) part.replaceChildren(...came.getElementById(part.id).childNodes);
      else if (part.querySelector("[data-waiting]")) part.querySelector("[data-waiting]").textContent = came ?? document.body.dataset.failed;
    }
  }

  const later = document.querySelectorAll("[data-later]");
  if (later.length) fill(later);

  const turn = (name) => ({ target }) => location.assign(target.dataset[name]);
  document.addEventListener("nextpage", turn("next"), true);
  document.addEventListener("previouspage", turn("previous"), true);

  async function watch(banner) {
    const response = await fetch(banner.dataset.progress).catch(() => null);
    const progress = response?.ok ? await response.json() : null;
    if (progress && !progress.is_running) return location.reload();
    if (progress) show(banner, progress);
    if (progress && document.getElementById("stages")) await preview();
    setTimeout(watch, POLL, banner);
  }

  function show(banner, { sentence, count, total, state }) {
    banner.querySelector("[data-sentence]").textContent = sentence;
    const bar = banner.querySelector("s-progress");
    if (state === "reading") Object.assign(bar, { max: total, value: count });
  }

  // A part with an address of its own, which takes longer to make than the page.
  async function bring(part) {
    const html = await ask((response) => (response.ok ? response.text() : Promise.reject(response)), part.dataset.part);
    const found = html && new DOMParser().parseFromString(html, "text/html");
    part.replaceChildren(...(found ? found.body.childNodes : []));
  }

  document.querySelectorAll("[data-part]").forEach(bring);

  const banner = document.querySelector("[data-progress]");
  if (banner) setTimeout(watch, POLL, banner);

  // The preview is shown whole, unless it is one of those that let nobody look in; it runs no scripts of its own.
  for (const frame of document.querySelectorAll(".preview")) {
    const fit = () => {
      const shown = frame.contentDocument?.documentElement;
      if (shown) frame.style.height = `${shown.scrollHeight}px`;
    };
    frame.addEventListener("load", fit);
    if (frame.contentDocument?.readyState === "complete") fit();
  }
})();
