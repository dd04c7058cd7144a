// Stand-ins for Shopify's Polaris web components, for this machine only: the same names, attributes, slots
// and events, drawn by us. The files of this folder are served as one script.

const sheet = (css) => {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
};

const escaped = (text) => String(text ?? "").replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

// `name="value"` for every attribute that has a value; true stands alone, null, false and "" are left out.
const attributes = (values) =>
  Object.entries(values)
    .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== "")
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escaped(value)}"`))
    .join("");

const SPACE = {
  none: "0", "small-500": "2px", "small-400": "4px", "small-300": "6px", "small-200": "8px", "small-100": "12px",
  small: "12px", base: "16px", large: "20px", "large-100": "20px", "large-200": "24px", "large-300": "32px",
  "large-400": "40px", "large-500": "48px",
};

const FONT = `-apple-system, BlinkMacSystemFont, "Inter", "San Francisco", "Segoe UI", Roboto, Ubuntu, sans-serif`;

document.adoptedStyleSheets.push(sheet(`
  html { background: #f1f1f1; }
  body { margin: 0; font: 13px/20px ${FONT}; color: #303030; -webkit-text-size-adjust: 100%; }
`));

const everyElement = sheet(`
  :host { box-sizing: border-box; font-family: ${FONT}; }
  :host([hidden]) { display: none !important; }
  * { box-sizing: border-box; font-family: inherit; }
  .unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  :focus-visible { outline: 2px solid #005bd3; outline-offset: 1px; }
  @media (prefers-reduced-motion: reduce) { * { animation-duration: 3s !important; transition: none !important; } }
`);

// `props` names the element's properties as Polaris writes them, each with its kind; the attribute is the
// same word in lower case. `css` is its look, draw() its shadow tree, drawn() what must happen afterwards.
class PolarisElement extends HTMLElement {
  static props = {};
  static css = "";
  static shadow = {};

  static get observedAttributes() {
    return Object.keys(this.props).map((name) => name.toLowerCase());
  }

  constructor() {
    super();
    this.internals = this.attachInternals();
    this.attachShadow({ mode: "open", ...this.constructor.shadow });
    this.shadowRoot.adoptedStyleSheets = [everyElement, this.constructor.sheet];
    this.shadowRoot.addEventListener("slotchange", (event) => this.filled(event.target));
  }

  connectedCallback() {
    this.redraw();
  }

  attributeChangedCallback(name, before, after) {
    if (this.shadowRoot.firstChild && before !== after) this.redraw();
  }

  redraw() {
    this.shadowRoot.innerHTML = this.draw();
    this.drawn();
  }

  draw() {
    return "<slot></slot>";
  }

  drawn() {}

  // A slot with something in it is the state `has-<name>`, so that empty places take no room.
  filled(slot) {
    const some = slot.assignedNodes({ flatten: true }).some((node) => node.nodeType === 1 || node.data?.trim());
    this.state(`has-${slot.name || "content"}`, some);
  }

  state(name, on) {
    this.internals.states[on ? "add" : "delete"](name);
  }
}

function property(name, kind) {
  const attribute = name.toLowerCase();
  if (kind === Boolean)
    return {
      get() { return this.hasAttribute(attribute); },
      set(value) { this.toggleAttribute(attribute, Boolean(value)); },
    };
  return {
    get() {
      const text = this.getAttribute(attribute);
      return kind === Number ? Number(text ?? NaN) : text ?? "";
    },
    set(value) {
      if (value === null || value === undefined) this.removeAttribute(attribute);
      else this.setAttribute(attribute, value);
    },
  };
}

function define(tag, kind) {
  if (customElements.get(tag)) return;
  kind.sheet = sheet(kind.css);
  for (const [name, type] of Object.entries(kind.props))
    if (!(name in kind.prototype) || name in HTMLElement.prototype)
      Object.defineProperty(kind.prototype, name, { configurable: true, ...property(name, type) });
  customElements.define(tag, kind);
}

const TEXT_TONE = `
  :host([tone="info"]) { color: #003a5a; } :host([tone="success"]) { color: #0c5132; }
  :host([tone="caution"]) { color: #4f4700; } :host([tone="warning"]) { color: #5e4200; }
  :host([tone="critical"]) { color: #8e0b21; } :host([tone="neutral"]) { color: #616161; }
`;
