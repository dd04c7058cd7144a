// The page around the extensions' frames: tells each what it may know, and does what they ask by postMessage.
(() => {
  const { token, login, places, account, admin, query } = JSON.parse(document.getElementById("extensions").textContent);
  const frames = [...document.querySelectorAll("iframe.extension")];
  const accent = getComputedStyle(document.body).getPropertyValue("--accent");
  const about = (frame) => JSON.parse(frame.dataset.about);
  const say = (frame, message) => frame.contentWindow.postMessage({ extension: 1, ...message }, "*"); // it has no origin

  // ---- Where an extension may lead to
  function address(frame, url) {
    const [, scheme, rest] = url.match(/^(extension|shopify|app):(.*)$/) ?? [];
    if (scheme === "extension") return ownPlace(about(frame).handle, rest);
    if (scheme === "app") return `${admin.app}/${rest.replace(/^\/+/, "")}`;
    if (scheme === "shopify" && admin) return admin.base + rest.replace(/^\/*admin/, "");
    if (scheme === "shopify") return accountPlace(rest);
    return admin && url.startsWith("/") ? admin.app + url : new URL(url, location.href).href;
  }
  // "/path" is below this extension's own page, "handle/path" below another's.
  function ownPlace(handle, rest) {
    const [, other, path] = rest.match(/^(?:\/\/)?([\w-]*)(.*)$/);
    const page = places[other || handle];
    if (!page) throw new Error(`There is no page of "${other || handle}" here`);
    return page + (path === "/" ? "" : path);
  }
  function accountPlace(rest) {
    const [, order] = rest.match(/^\/*customer-account\/orders\/(?:gid:\/\/shopify\/Order\/)?(\d+)/) ?? [];
    return order ? `${account}/orders/${order}` : account;
  }
  function go(frame, { url, target }) {
    const there = address(frame, url);
    if (!/^(https?:|mailto:|tel:|\/)/.test(there)) return;
    if (target === "_blank") window.open(there, "_blank", "noopener");
    else location.assign(there);
  }

  // ---- What an extension asks for and waits
  async function json(url, options) {
    const answer = await fetch(url, options);
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
    return answer.json();
  }
  const posted = (body) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  function storage(frame, { what, key, value }) {
    const shelf = `extension:${about(frame).handle}:`;
    if (what === "get") return JSON.parse(localStorage.getItem(shelf + key) ?? (admin ? "{}" : '{"value":null}')).value;
    if (what === "set") return localStorage.setItem(shelf + key, JSON.stringify({ value }));
    if (what === "delete") return localStorage.removeItem(shelf + key) ?? true;
    for (const name of Object.keys(localStorage)) if (name.startsWith(shelf)) localStorage.removeItem(name);
  }
  const answers = {
    token: async () => (await json(token)).token,
    query: async (frame, { query: text, variables }) => json(query, posted({ query: text, variables })),
    storage: async (frame, asked) => storage(frame, asked),
    async customer(frame, { version, body }) {
      const sent = { method: "POST", headers: { "Content-Type": "application/json" }, body };
      const answer = await fetch(`${account}/customer-api/${encodeURIComponent(version)}`, sent);
      return { status: answer.status, body: await answer.text() };
    },
  };

  // ---- What an extension tells
  function toast({ content }) {
    const note = Object.assign(document.createElement("div"), { className: "toast", textContent: content });
    let tray = document.querySelector(".toasts");
    if (!tray) {
      tray = Object.assign(document.createElement("div"), { className: "toasts", role: "status", ariaLive: "polite" });
      document.body.append(tray);
    }
    tray.append(note);
    setTimeout(() => note.remove(), 5000);
  }
  const start = (frame) => { frame.src = frame.dataset.src; };
  const modal = (frame) => document.querySelector(`dialog[data-handle="${about(frame).handle}"]`);
  const deeds = {
    ready: (frame) => say(frame, { deed: "begin", about: { ...about(frame), accent } }),
    size(frame, { at, width, height }) {
      if (at !== frame.clientWidth) return; // measured before the frame became as wide as it is now
      frame.style.height = `${height}px`;
      frame.style.minHeight = "0"; // until now it kept the room that a block usually takes
      (frame.closest(".card") ?? frame).classList.toggle("vacant", height === 0);
      if (frame.classList.contains("item")) frame.style.width = `${width}px`;
    },
    navigate: go,
    toast: (frame, told) => toast(told),
    login: () => location.assign(login),
    open(frame) {
      modal(frame)?.showModal();
      start(modal(frame).querySelector("iframe"));
    },
    close: (frame) => frame.closest("dialog")?.close(),
  };
  window.addEventListener("message", async ({ source, data }) => {
    const frame = frames.find((each) => each.contentWindow === source);
    if (!frame || data?.extension !== 1) return;
    if (deeds[data.deed]) return deeds[data.deed](frame, data);
    try {
      say(frame, { number: data.number, answer: await answers[data.deed](frame, data) });
    } catch (error) {
      say(frame, { number: data.number, error: error.message });
    }
  });
  frames.filter((frame) => !frame.closest("dialog")).forEach(start); // last, when everything above listens
})();
