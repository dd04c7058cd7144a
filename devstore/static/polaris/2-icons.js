// Twenty by twenty, drawn with one stroke width; a name that is not here is a ring.
const ICONS = {
  alert: `<path d="M10 6v5M10 13.6v.2"/><circle cx="10" cy="10" r="7"/>`,
  "arrow-left": `<path d="M16 10H4M9 5l-5 5 5 5"/>`,
  "arrow-right": `<path d="M4 10h12M11 5l5 5-5 5"/>`,
  calendar: `<rect x="3.5" y="4.5" width="13" height="12" rx="2"/><path d="M3.5 8.5h13M7 3v3M13 3v3"/>`,
  cart: `<path d="M3 4h2l2 9h8l2-6H6"/><circle cx="8" cy="16" r="1"/><circle cx="14" cy="16" r="1"/>`,
  "chart-vertical": `<path d="M4 16.5h12M6 14V9M10 14V4.5M14 14v-7"/>`,
  chat: `<path d="M4 4.5h12v8.5h-7l-3 3v-3h-2z"/>`,
  check: `<path d="M4.5 10.5l3.5 3.5 7.5-8"/>`,
  "check-circle": `<circle cx="10" cy="10" r="7"/><path d="M7 10.2l2 2 4-4.4"/>`,
  "chevron-down": `<path d="M5.5 8l4.5 4.5L14.5 8"/>`,
  "chevron-left": `<path d="M12 5.5L7.5 10l4.5 4.5"/>`,
  "chevron-right": `<path d="M8 5.5l4.5 4.5L8 14.5"/>`,
  "chevron-up": `<path d="M5.5 12L10 7.5l4.5 4.5"/>`,
  clipboard: `<rect x="4.5" y="4" width="11" height="13" rx="2"/><path d="M8 3h4v2.5H8z"/>`,
  clock: `<circle cx="10" cy="10" r="7"/><path d="M10 6v4l2.8 1.8"/>`,
  delete: `<path d="M4 6h12M8 6V4h4v2M5.5 6l.8 10h7.4l.8-10M8.5 9v4.5M11.5 9v4.5"/>`,
  delivered: `<path d="M3.5 6.5L10 3.5l6.5 3v7L10 16.5l-6.5-3zM7 10l2.2 2.2 3.8-4.2"/>`,
  delivery: `<path d="M2.5 5.5h9v8h-9zM11.5 8.5h3.3l2.7 2.5v2.5h-6z"/><circle cx="6" cy="14.5" r="1.5"/><circle cx="14" cy="14.5" r="1.5"/>`,
  edit: `<path d="M4 16l.8-3.2L13 4.6l2.4 2.4-8.2 8.2z"/>`,
  email: `<rect x="3" y="5" width="14" height="10.5" rx="2"/><path d="M3.5 6.5L10 11l6.5-4.5"/>`,
  export: `<path d="M10 12V3.5M6.5 6.5L10 3l3.5 3.5M4 11v5h12v-5"/>`,
  external: `<path d="M11 4h5v5M16 4l-7 7M8 5H4v11h11v-4"/>`,
  filter: `<path d="M3.5 6h13M6 10h8M8.5 14h3"/>`,
  globe: `<circle cx="10" cy="10" r="7"/><path d="M3 10h14M10 3c5 5 0 14 0 14s-5-9 0-14z"/>`,
  home: `<path d="M3.5 9L10 3.5 16.5 9v7.5h-4v-4h-5v4h-4z"/>`,
  info: `<circle cx="10" cy="10" r="7"/><path d="M10 9.3v4.4M10 6.6v.2"/>`,
  link: `<path d="M8.5 11.5l3-3M7 9l-2 2a2.8 2.8 0 004 4l2-2M13 11l2-2a2.8 2.8 0 00-4-4L9 7"/>`,
  location: `<path d="M10 17s5-4.6 5-8.5a5 5 0 00-10 0C5 12.4 10 17 10 17z"/><circle cx="10" cy="8.5" r="1.7"/>`,
  lock: `<rect x="4.5" y="9" width="11" height="7.5" rx="2"/><path d="M7 9V6.5a3 3 0 016 0V9"/>`,
  menu: `<path d="M3.5 6h13M3.5 10h13M3.5 14h13"/>`,
  "menu-horizontal": `<path d="M5 10h.1M10 10h.1M15 10h.1" stroke-width="2.5"/>`,
  order: `<path d="M4.5 3.5h11v13l-2.7-1.7L10 16.5l-2.8-1.7-2.7 1.7zM7.5 7.5h5M7.5 10.5h5"/>`,
  package: `<path d="M3.5 6.5L10 3.5l6.5 3v7L10 16.5l-6.5-3zM3.5 6.5L10 9.5l6.5-3M10 9.5v7"/>`,
  person: `<circle cx="10" cy="7" r="3"/><path d="M4 16.5c.6-6 11.4-6 12 0"/>`,
  phone: `<path d="M5 3.5h3l1.2 3.6-1.8 1.4c.9 2 2 3.1 4 4l1.5-1.7 3.6 1.2v3C10 16 4 10 5 3.5z"/>`,
  plus: `<path d="M10 4.5v11M4.5 10h11"/>`,
  product: `<path d="M4 4h6l6.5 6.5-6 6L4 10z"/><circle cx="7.5" cy="7.5" r="1"/>`,
  question: `<circle cx="10" cy="10" r="7"/><path d="M8 8.3c.2-2.7 4.3-2.3 4 .1-.2 1.2-2 1.6-2 2.8M10 13.7v.1"/>`,
  receipt: `<path d="M5 3.5h10v13l-2.5-1.5-2.5 1.5-2.5-1.5L5 16.5zM7.5 7.5h5M7.5 10.5h5"/>`,
  refresh: `<path d="M15.5 8A6 6 0 105 13.5M15.5 4v4h-4"/>`,
  return: `<path d="M4 8h8.5a3.5 3.5 0 010 7H8M7 5L4 8l3 3"/>`,
  search: `<circle cx="9" cy="9" r="5"/><path d="M13 13l3.5 3.5"/>`,
  send: `<path d="M3.5 10L16.5 4l-4 12.5-3-5z"/>`,
  settings: `<circle cx="10" cy="10" r="2.5"/><path d="M10 3v2.5M10 14.5V17M3 10h2.5M14.5 10H17M5 5l1.8 1.8M13.2 13.2L15 15M15 5l-1.8 1.8M6.8 13.2L5 15"/>`,
  star: `<path d="M10 3.5l2 4.3 4.7.6-3.4 3.2.8 4.7L10 14l-4.1 2.3.8-4.7L3.3 8.4 8 7.8z"/>`,
  store: `<path d="M4 8v8.5h12V8M3 8l1.5-4.5h11L17 8c-1 2-3.7 2-4.7 0-1 2-3.6 2-4.6 0C6.7 10 4 10 3 8z"/>`,
  undo: `<path d="M7 5L4 8l3 3M4 8h8.5a3.5 3.5 0 010 7H8"/>`,
  view: `<path d="M2.5 10c3-6.5 12-6.5 15 0-3 6.5-12 6.5-15 0z"/><circle cx="10" cy="10" r="2.3"/>`,
  x: `<path d="M5 5l10 10M15 5L5 15"/>`,
};
const RING = `<circle cx="10" cy="10" r="6"/>`;

// "package-fulfilled" falls back to "package", "alert-triangle" to "alert".
const shape = (name) => ICONS[name] ?? ICONS[name.split("-")[0]] ?? RING;

const icon = (name, size = 20) =>
  `<svg viewBox="0 0 20 20" width="${size}" height="${size}" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${shape(name)}</svg>`;

define("s-icon", class extends PolarisElement {
  static props = { type: String, tone: String, color: String, size: String, interestFor: String };
  static css = `
    :host { display: inline-flex; vertical-align: middle; color: #4a4a4a; }
    :host([color="subdued"]) { color: #8a8a8a; } ${TEXT_TONE}
  `;
  draw() { return this.type && this.type !== "empty" ? icon(this.type, this.size === "small" ? 16 : 20) : ""; }
});
