// The page around the app: answers what the App Bridge stand-in asks by postMessage, and tells it what is clicked here.
(() => {
  const { base, appPath, appUrl, shop } = document.body.dataset;
  const part = (id) => document.getElementById(id);
  const frame = part("app");
  const app = new URL(appUrl).origin;
  const tell = (message) => frame.contentWindow.postMessage({ bridge: 1, ...message }, app);
  const outside = (path) => appPath + (path === "/" ? "" : path);
  let unsaved = false;

  // ---- What the app asks for and waits: by name, each a promise
  async function idToken() {
    const answer = await (await fetch(`${base}/app/id-token`)).json();
    if (answer.error) throw new Error(answer.error);
    return answer.token;
  }
  async function scopes({ ask, scopes: wanted }) {
    const known = await (await fetch(`${base}/app/scopes`)).json();
    if (ask === "query") return known;
    if (ask !== "request") throw new Error("The store on this machine takes no scopes back");
    const missing = wanted.filter((scope) => !known.granted.includes(scope));
    const body = JSON.stringify({ scopes: wanted, is_granted: !missing.length || (await agreed(missing)) });
    const answer = await fetch(`${base}/app/scopes`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    const told = await answer.json();
    if (told.error) throw new Error(told.error);
    return told;
  }
  async function agreed(missing) {
    const dialog = part("scopes");
    dialog.querySelector("ul").replaceChildren(...missing.map((scope) => Object.assign(document.createElement("li"), { textContent: scope })));
    dialog.returnValue = "decline";
    dialog.showModal();
    await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
    return dialog.returnValue === "allow";
  }
  async function leaveConfirmation() {
    if (!unsaved) return true;
    const dialog = part("leave");
    dialog.returnValue = "stay";
    dialog.showModal();
    await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
    if (dialog.returnValue !== "leave") throw new Error("The merchant stays");
    showBar(false);
    return true;
  }
  const answers = { idToken, scopes, leaveConfirmation, user: async () => ({}) };

  // ---- What the app tells
  function showBar(open) {
    unsaved = open;
    part("unsaved").classList.toggle("on", open);
  }
  function toast({ id, message, duration, isError }) {
    const note = document.createElement("div");
    note.className = `toast${isError ? " error" : ""}`;
    note.id = id;
    note.textContent = message;
    const close = document.createElement("button");
    close.textContent = "×";
    close.setAttribute("aria-label", "Dismiss");
    close.onclick = () => note.remove();
    note.append(close);
    part("toasts").append(note);
    setTimeout(() => note.remove(), duration);
  }
  function menu({ links }) {
    const here = location.pathname.slice(appPath.length) || "/";
    const shown = links.filter((link) => !link.home);
    const current = shown.filter((link) => here === link.path || here.startsWith(`${link.path}/`)).sort((a, b) => b.path.length - a.path.length)[0];
    part("menu").replaceChildren(...shown.map((link) => {
      const entry = document.createElement("a");
      entry.href = outside(link.path);
      entry.textContent = link.label;
      if (link === current) entry.setAttribute("aria-current", "page");
      entry.onclick = (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        tell({ deed: "navigate", href: link.href });
      };
      return entry;
    }));
    lastMenu = links;
  }
  let lastMenu = [];
  const web = (url) => /^https?:/.test(url);
  let heard = false;
  const deeds = {
    loaded({ path, title }) {
      heard = true;
      part("silent").style.display = "none";
      part("loading").classList.remove("on");
      history.replaceState(null, "", outside(path));
      document.title = `${title} · ${shop}`;
      menu({ links: lastMenu });
    },
    menu,
    toast,
    toastGone: ({ id }) => part(id)?.remove(),
    saveBar: ({ open }) => showBar(open),
    modal: ({ open }) => document.body.classList.toggle("dimmed", open),
    loading: ({ on }) => part("loading").classList.toggle("on", on),
    leave: ({ url }) => web(url) && location.assign(url),
    open: ({ url }) => web(url) && window.open(url, "_blank", "noopener"),
    admin: ({ path }) => location.assign(base + path),
  };
  window.addEventListener("message", async ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== app || data?.bridge !== 1) return;
    if (deeds[data.deed]) return deeds[data.deed](data);
    if (!answers[data.deed]) return;
    try {
      tell({ number: data.number, answer: await answers[data.deed](data) });
    } catch (error) {
      tell({ number: data.number, error: error.message });
    }
  });

  // ---- What is clicked out here
  part("save").onclick = () => tell({ deed: "save" });
  part("discard").onclick = () => tell({ deed: "discard" });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !unsaved || link.target === "_blank" || event.defaultPrevented) return;
    event.preventDefault();
    leaveConfirmation().then(() => location.assign(link.href), () => {});
  });
  frame.addEventListener("load", () => setTimeout(() => {
    part("loading").classList.remove("on");
    if (!heard) part("silent").style.display = "block";
  }, 1500));
  frame.src = frame.dataset.src; // last, when everything above listens: a quick app's first words are not lost
})();
