// Runs one target of an extension in this document, which has no origin of its own, as Shopify does in a worker.
// The page around it (page.js) sends what the extension may know, and does for it what only a page can do.
(() => {
  // ---- Speaking with the page: ask() waits for the answer to its number, tell() does not.
  let number = 0;
  const waiting = new Map();
  const tell = (deed, detail = {}) => parent.postMessage({ extension: 1, deed, ...detail }, "*");
  const ask = (deed, detail = {}) =>
    new Promise((done, failed) => {
      waiting.set(++number, { done, failed });
      tell(deed, { number, ...detail });
    });
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || data?.extension !== 1) return;
    if (data.deed === "begin") return begin(data.about);
    const { done, failed } = waiting.get(data.number) ?? {};
    waiting.delete(data.number);
    if (data.error) failed?.(new Error(data.error));
    else done?.(data.answer);
  });

  // ---- Values. Bundles that bring @preact/signals get real signals, the others something that can be read alike.
  const plain = (value) => ({ value, current: value, peek: () => value, subscribe: (hear) => (hear(value), () => {}), destroy() {} });
  const signals = (values, make) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, make(value ?? undefined)]));

  function values(about, make) {
    const groups = Object.entries(about.groups).map(([name, inside]) => [name, signals(inside, make)]);
    return { ...about.plain, ...signals(about.signals, make), ...Object.fromEntries(groups) };
  }

  // ---- Languages
  function translator(texts, locale) {
    const plural = new Intl.PluralRules(locale);
    return (key, given = {}) => {
      let text = key.split(".").reduce((place, name) => place?.[name], texts);
      if (typeof text === "object") text = text?.[plural.select(Number(given.count))] ?? text?.other;
      if (typeof text !== "string") {
        console.error(`There is no text for "${key}"`);
        return key;
      }
      const parts = text.split(/{{\s*([\w-]+)\s*}}/).map((part, place) => (place % 2 ? given[part] ?? `{{${part}}}` : part));
      return parts.some((part) => typeof part === "object") ? parts.filter((part) => part !== "") : parts.join("");
    };
  }
  function i18n({ texts, locale, currency }) {
    const written = (Format, usual) => (value, { inExtensionLocale, ...options } = {}) => new Format(locale, { ...usual, ...options }).format(value);
    return {
      translate: translator(texts, locale),
      formatNumber: written(Intl.NumberFormat),
      formatCurrency: written(Intl.NumberFormat, { style: "currency", currency }),
      formatDate: written(Intl.DateTimeFormat),
    };
  }

  // ---- What only the page can do
  const token = () => ask("token");
  const navigate = (url) => tell("navigate", { url: String(url) });
  const store = (deed) => (key, value) => ask("storage", { what: deed, key: String(key), value });
  const buyerStorage = { read: store("get"), write: store("set"), delete: store("delete") };
  const staffStorage = {
    get: store("get"), set: store("set"), delete: store("delete"), clear: store("clear"),
    getMany: (keys) => Promise.all(keys.map((key) => staffStorage.get(key))),
    setMany: async (entries) => { for (const [key, value] of Object.entries(entries)) await staffStorage.set(key, value); },
    deleteMany: async (keys) => Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await staffStorage.delete(key)]))),
  };
  const notPlayed = async () => { throw new Error("The store on this machine does not play this"); };

  const ofBuyers = (about) => ({
    sessionToken: { get: token }, storage: buyerStorage, requireLogin: async () => tell("login"), query: notPlayed,
    toast: { show: async (content) => (tell("toast", { content: String(content) }), { hide() {} }) },
    analytics: { publish: async () => true, visitor: async () => ({ type: "success" }) }, intents: { invoke: notPlayed },
    i18n: i18n(about), close: () => tell("close"),
  });
  const ofStaff = (about) => ({
    auth: { idToken: token }, storage: staffStorage, navigation: { navigate }, intents: { invoke: notPlayed },
    query: (query, options = {}) => ask("query", { query, variables: options.variables }),
    resourcePicker: notPlayed, picker: notPlayed, i18n: i18n(about), close: () => tell("close"),
  });

  // The customer's own orders, without a token of ours: the page asks as the customer who is logged in on it.
  const CUSTOMER_API = /^shopify:\/\/customer-account\/api\/([\w-]+)\/graphql\.json$/;
  async function customerApi(version, options = {}) {
    const { status, body } = await ask("customer", { version, body: String(options.body ?? "") });
    return new Response(body, { status, headers: { "Content-Type": "application/json" } });
  }

  // Only with network_access; from the admin the app's own addresses may be relative and carry an ID token.
  function network({ surface, appUrl, extension }) {
    const plainFetch = window.fetch.bind(window);
    window.fetch = async (input, options) => {
      const [, version] = surface === "admin" ? [] : String(input).match(CUSTOMER_API) ?? [];
      if (version) return customerApi(version, options);
      if (surface !== "admin" && !extension.capabilities.includes("network_access")) throw new TypeError("The extension has no network_access");
      const request = new Request(input instanceof Request ? input : new URL(input, `${appUrl}/`), options);
      if (surface === "admin" && request.url.startsWith(`${appUrl}/`) && !request.headers.has("Authorization"))
        request.headers.set("Authorization", `Bearer ${await token()}`);
      return plainFetch(request);
    };
  }

  // ---- Links and the item of a menu: a click is the page's business once nobody here has prevented it.
  const LINKS = "a[href], s-link[href], s-button[href], s-clickable[href], s-clickable-chip[href]";
  function clicks({ target }) {
    document.addEventListener("click", (event) => {
      if (event.defaultPrevented) return;
      const link = event.composedPath().find((node) => node.matches?.(LINKS));
      if (link) {
        event.preventDefault();
        tell("navigate", { url: link.getAttribute("href"), target: link.getAttribute("target") });
      } else if (target === "customer-account.order.action.menu-item.render" && event.target.closest("s-button")) tell("open");
    });
  }

  // The page makes the frame as high as what is in it; the item of a menu is also only as wide.
  function sizes() {
    const measure = () => {
      const { width, height } = document.body.getBoundingClientRect();
      tell("size", { at: innerWidth, width: Math.ceil(width), height: document.body.childElementCount ? Math.ceil(height) : 0 });
    };
    new ResizeObserver(measure).observe(document.body);
    new MutationObserver(measure).observe(document.body, { childList: true });
  }

  function begin(about) {
    const { target, surface, appUrl, script, locale, extension, accent } = about;
    document.documentElement.lang = locale;
    document.documentElement.style.setProperty("--accent", accent);
    document.documentElement.dataset.surface = surface;
    document.documentElement.dataset.target = target;
    const targets = {};
    const here = { target, apiVersion: extension.apiVersion, scriptUrl: script };
    window.process = { env: { APP_URL: appUrl } };
    window.shopify = {
      extend: (name, run) => { targets[name] = run; }, reload: () => location.reload(),
      setSignals: (Signal) => Object.assign(window.shopify, values(about, (value) => new Signal(value))),
      extensionPoint: target, version: extension.apiVersion,
      extension: { ...here, capabilities: plain(extension.capabilities), rendered: plain(true) },
      ...(surface === "admin" ? ofStaff(about) : ofBuyers(about)), ...values(about, plain),
    };
    const entry = { key: "1", url: `extension:/${about.path}`, getState: () => undefined };
    Object.defineProperty(window, "navigation", { value: { navigate, currentEntry: entry, updateCurrentEntry() {}, addEventListener() {}, removeEventListener() {} } });
    network(about);
    clicks(about);
    const code = document.createElement("script");
    code.src = script;
    code.onload = async () => {
      await targets[target](window.shopify);
      sizes(); // only now: before, there is nothing to measure
    };
    document.head.append(code);
  }
  tell("ready"); // last, when everything above listens
})();
