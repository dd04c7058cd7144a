// A stand-in for Shopify's App Bridge, for this machine only. It runs in the app's frame and speaks with the admin
// page around it (static/admin.js) by postMessage. It offers only what the real one offers.
(() => {
  const script = document.currentScript;
  const admin = new URL(script.src).origin; // here the CDN and the admin are one origin
  const framed = window.parent !== window;
  const address = new URL(location.href);
  const own = (url) => new URL(url, location.href).origin === location.origin;

  // What Shopify adds to the first address; the app's own links need not carry it on.
  const SHOPIFYS = ["embedded", "hmac", "host", "id_token", "locale", "session", "shop", "timestamp", "appLoadId", "shopify-reload"];
  function bare(url) {
    const plain = new URL(url, location.href);
    for (const name of SHOPIFYS) plain.searchParams.delete(name);
    return plain.pathname + plain.search + plain.hash;
  }

  // Frames may be refused storage (private windows): then only the address remembers.
  function remembered(name) {
    const key = `app-bridge:${name}`;
    const given = address.searchParams.get(name);
    try {
      if (given) sessionStorage.setItem(key, given);
      return given ?? sessionStorage.getItem(key) ?? "";
    } catch {
      return given ?? "";
    }
  }
  const config = {
    apiKey: document.querySelector("meta[name=shopify-api-key]")?.content ?? script.dataset.apiKey ?? "",
    host: remembered("host"), shop: remembered("shop"), locale: remembered("locale") || "en",
  };

  // ---- Speaking with the admin: ask() waits for the answer to its number, tell() does not.
  let number = 0;
  const waiting = new Map();
  const deeds = {}; // what the admin may ask of us
  const tell = (deed, detail = {}) => framed && window.parent.postMessage({ bridge: 1, deed, ...detail }, admin);
  const ask = (deed, detail) =>
    new Promise((done, failed) => {
      if (!framed) return failed(new Error("App Bridge works only inside the admin"));
      waiting.set(++number, { done, failed });
      tell(deed, { number, ...detail });
    });
  window.addEventListener("message", ({ origin, source, data }) => {
    if (origin !== admin || source !== window.parent || data?.bridge !== 1) return;
    if (data.deed) return deeds[data.deed]?.(data);
    const { done, failed } = waiting.get(data.number) ?? {};
    waiting.delete(data.number);
    if (data.error) failed?.(new Error(data.error));
    else done?.(data.answer);
  });

  // ---- ID tokens and fetch
  const idToken = () => ask("idToken");
  const plainFetch = window.fetch.bind(window);
  async function signed(request) {
    const headers = new Headers(request.headers);
    if (!headers.has("Authorization")) headers.set("Authorization", `Bearer ${await idToken()}`);
    return plainFetch(new Request(request, { headers }));
  }
  window.fetch = async (input, options) => {
    const request = new Request(input, options);
    if (!framed || !own(request.url)) return plainFetch(request);
    const again = request.clone();
    let answer = await signed(request);
    if (answer.status === 401 && answer.headers.get("X-Shopify-Retry-Invalid-Session-Request")) answer = await signed(again);
    const elsewhere = answer.headers.get("X-Shopify-API-Request-Failure-Reauthorize-Url");
    if (elsewhere) {
      tell("leave", { url: new URL(elsewhere, location.href).href });
      return new Promise(() => {}); // the page is going away
    }
    return answer;
  };

  // ---- The contextual save bar: one is open at a time, known by its id
  let bar = null;
  const barElement = (id) => document.querySelector(`ui-save-bar#${CSS.escape(id)}`);
  const barButton = (id, kind) => barElement(id)?.querySelector(kind === "save" ? "button[variant=primary]" : "button:not([variant=primary])");
  const saveBar = {
    async show(id) {
      bar = { id, save: () => barButton(id, "save")?.click(), discard: () => barButton(id, "discard")?.click() };
      tell("saveBar", { open: true });
    },
    async hide(id) {
      if (bar?.id !== id) return;
      bar = null;
      tell("saveBar", { open: false });
    },
    toggle: (id) => (bar?.id === id ? saveBar.hide(id) : saveBar.show(id)),
    leaveConfirmation: async () => { if (bar) await ask("leaveConfirmation"); },
  };
  deeds.save = () => bar?.save();
  deeds.discard = () => bar?.discard();

  // form[data-save-bar]: a change shows the bar, saving submits the form, discarding resets it.
  function changed(event) {
    const form = event.target.closest?.("form[data-save-bar]");
    if (!form || bar?.form === form) return;
    const close = () => saveBar.hide(bar?.id);
    bar = {
      id: form.id || "form", form, save: () => form.requestSubmit(),
      discard: async () => {
        if (form.hasAttribute("data-discard-confirmation")) await ask("leaveConfirmation");
        form.reset();
        close();
      },
    };
    form.addEventListener("submit", close, { once: true });
    form.addEventListener("reset", close, { once: true });
    tell("saveBar", { open: true });
  }
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);

  // ---- Going places
  async function go(url, target = "_self") {
    const there = new URL(url, location.href);
    if (there.protocol === "shopify:") return tell("admin", { path: there.href.replace(/^shopify:\/*(admin)?/, "") });
    if (target === "_blank") return tell("open", { url: there.href });
    await saveBar.leaveConfirmation();
    if (!own(there) || target === "_top" || target === "_parent") return tell("leave", { url: there.href });
    shopify.loading(true);
    location.assign(there);
  }
  document.addEventListener("click", (event) => {
    if (!framed || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((node) => node.matches?.("a[href], s-link[href], s-button[href], s-clickable[href], s-clickable-chip[href]"));
    const href = link?.getAttribute("href");
    if (!href || href.startsWith("#") || link.hasAttribute("download") || /^(mailto|tel|data|blob|javascript):/.test(href)) return;
    event.preventDefault();
    const host = event.composedPath().find((node) => node.matches?.("s-link, s-button, s-clickable")) ?? link;
    go(href, host.getAttribute("target") ?? "_self").catch(() => {}); // the merchant stayed
  });
  const plainOpen = window.open.bind(window);
  window.open = (url, target, features) => {
    if (!framed || !["_self", "_top", "_parent"].includes(target)) return plainOpen(url, target, features);
    go(url, target).catch(() => {});
    return window;
  };
  deeds.navigate = ({ href }) => go(href).catch(() => {});

  // ---- The navigation menu
  const SHOWN = "s-app-nav, ui-nav-menu";
  function menu() {
    const links = [...document.querySelectorAll(`:is(${SHOWN}) :is(s-link, a)`)];
    const entry = (link) => {
      const href = link.getAttribute("href") ?? "/";
      return { label: link.textContent.trim(), href, path: bare(href), home: link.getAttribute("rel") === "home" };
    };
    tell("menu", { links: links.map(entry) });
  }
  class Menu extends HTMLElement {
    connectedCallback() {
      this.style.display = "none";
      this.watching = new MutationObserver(menu);
      this.watching.observe(this, { childList: true, subtree: true, characterData: true, attributes: true });
      menu();
    }
    disconnectedCallback() { this.watching.disconnect(); }
  }
  class SaveBar extends HTMLElement {
    connectedCallback() { this.style.display = "none"; }
  }
  customElements.define("s-app-nav", Menu);
  customElements.define("ui-nav-menu", class extends Menu {});
  customElements.define("ui-save-bar", SaveBar);

  // ---- window.shopify
  let toasts = 0;
  const modal = (id) => document.getElementById(id);
  const scopes = (deed) => (list) => ask("scopes", { ask: deed, scopes: list ?? [] });
  window.shopify = {
    config, origin: admin, ready: Promise.resolve(),
    environment: { mobile: false, embedded: framed, pos: false },
    idToken,
    loading: (on = true) => tell("loading", { on }),
    toast: {
      show(message, options = {}) {
        const id = `toast-${Date.now()}-${++toasts}`;
        tell("toast", { id, message, duration: options.duration ?? 5000, isError: Boolean(options.isError) });
        return id;
      },
      hide: (id) => tell("toastGone", { id }),
    },
    saveBar,
    modal: {
      show: async (id) => modal(id)?.showOverlay?.(),
      hide: async (id) => modal(id)?.hideOverlay?.(),
      toggle: async (id) => modal(id)?.toggleOverlay?.(),
    },
    scopes: { query: scopes("query"), request: scopes("request"), revoke: scopes("revoke") },
    user: () => ask("user"),
  };
  document.addEventListener("show", () => tell("modal", { open: true }));
  document.addEventListener("hide", () => tell("modal", { open: false }));

  // ---- Beginning
  const reload = address.searchParams.get("shopify-reload");
  async function bounce() {
    const there = new URL(reload, location.origin);
    if (there.origin !== location.origin) return; // never carry a token to another place
    there.searchParams.set("id_token", await idToken());
    location.replace(there);
  }
  function begin() {
    if (!framed && config.host) return location.replace(`${admin}/${hostPath()}/apps/${config.apiKey}${bare(reload ?? location.href)}`);
    if (reload) return framed && bounce();
    const here = () => tell("loaded", { path: bare(location.href), title: document.querySelector("s-page")?.getAttribute("heading") || document.title });
    tell("saveBar", { open: false }); // a new document has nothing to save yet
    here();
    document.addEventListener("DOMContentLoaded", () => { here(); menu(); });
    window.addEventListener("pageshow", (event) => event.persisted && here());
    window.addEventListener("popstate", here);
    window.navigation?.addEventListener("currententrychange", here); // history.pushState
  }
  // "127.0.0.1:7400/store/lumen-goods" without its first part
  const hostPath = () => atob(config.host.replace(/-/g, "+").replace(/_/g, "/")).split("/").slice(1).join("/");
  begin();
})();
