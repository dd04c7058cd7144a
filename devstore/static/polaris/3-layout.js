// A value may be "@container (inline-size > 500px) a, b": a where the query holds, else b.
const QUERY = /^([\w-]*\s*(?:(?:not\s+)?\([^)]*\)(?:\s*(?:and|or)\s*)?)+)\s+(.+)$/s;

function pieces(text) {
  const found = [""];
  let depth = 0;
  for (const sign of text) {
    depth += sign === "(" ? 1 : sign === ")" ? -1 : 0;
    if (sign === "," && depth === 0) found.push("");
    else found[found.length - 1] += sign;
  }
  return found.map((piece) => piece.trim()).filter(Boolean);
}

// The later rule wins, so the pieces are written from last (the plain value) to first.
function rules(css, value, meaning) {
  if (!value) return "";
  if (!value.startsWith("@container")) return `:host { ${css}: ${meaning(value)}; }`;
  return pieces(value.slice("@container".length)).reverse().map((piece) => {
    const [, query, then] = piece.match(QUERY) ?? [];
    if (!query) return `:host { ${css}: ${meaning(piece)}; }`;
    return `@container ${query.replace(/^s-default\s*/, "")} { :host { ${css}: ${meaning(then)}; } }`;
  }).join("\n");
}

const asIs = (value) => value;
const spaces = (value) => value.split(/\s+/).map((word) => SPACE[word] ?? word).join(" ");
const RADIUS = { none: "0", "small-200": "2px", "small-100": "4px", small: "6px", base: "8px", large: "12px", "large-100": "16px", "large-200": "20px" };
const radii = (value) => value.split(/\s+/).map((word) => RADIUS[word] ?? word).join(" ");
const WIDTH = { none: "0", small: "1px", "small-100": "1px", base: "1px", large: "2px", "large-100": "3px" };
const LINE = { subdued: "#ebebeb", base: "#d4d4d4", strong: "#8a8a8a" };
const GROUND = { transparent: "transparent", subdued: "#f7f7f7", base: "#fff", strong: "#f1f1f1" };

// "base subdued dashed": width, colour and style, the last two optional.
function border(value) {
  const [width, color, style] = value.split(/\s+/);
  return width === "none" ? "none" : `${WIDTH[width] ?? "1px"} ${["solid", "dashed"].find((word) => word === (style ?? color)) ?? "solid"} ${LINE[color] ?? LINE.base}`;
}

const BOX = {
  padding: ["padding", spaces], paddingBlock: ["padding-block", spaces], paddingInline: ["padding-inline", spaces],
  paddingBlockStart: ["padding-block-start", spaces], paddingBlockEnd: ["padding-block-end", spaces],
  paddingInlineStart: ["padding-inline-start", spaces], paddingInlineEnd: ["padding-inline-end", spaces],
  border: ["border", border], borderWidth: ["border-width", (value) => value.split(/\s+/).map((word) => WIDTH[word] ?? word).join(" ")],
  borderStyle: ["border-style", (value) => value.replace("auto", "solid")],
  borderColor: ["border-color", (value) => LINE[value] ?? value], borderRadius: ["border-radius", radii],
  background: ["background", (value) => GROUND[value] ?? value], overflow: ["overflow", asIs],
  inlineSize: ["inline-size", asIs], minInlineSize: ["min-inline-size", asIs], maxInlineSize: ["max-inline-size", asIs],
  blockSize: ["block-size", asIs], minBlockSize: ["min-block-size", asIs], maxBlockSize: ["max-block-size", asIs],
};
const ALIGN = {
  alignItems: ["align-items", asIs], justifyContent: ["justify-content", asIs], alignContent: ["align-content", asIs],
  gap: ["gap", spaces], rowGap: ["row-gap", spaces], columnGap: ["column-gap", spaces],
};
const GRID = {
  justifyItems: ["justify-items", asIs], placeItems: ["place-items", asIs], placeContent: ["place-content", asIs],
  gridTemplateColumns: ["grid-template-columns", asIs], gridTemplateRows: ["grid-template-rows", asIs],
};
const SPAN = { gridColumn: ["grid-column", asIs], gridRow: ["grid-row", asIs] };
const ROLES = { "ordered-list": "list", "unordered-list": "list", "list-item": "listitem", header: "banner", footer: "contentinfo", aside: "complementary", section: "region", "list-item-separator": "separator" };

const strings = (styles) => Object.fromEntries(Object.keys(styles).map((name) => [name, String]));

// Everything that can be padded, bordered and aligned: its attributes become rules of a sheet of its own.
class Box extends PolarisElement {
  static styles = BOX;
  static display = "block";

  redraw() {
    super.redraw();
    const { styles, display, sheet: own } = this.constructor;
    const css = Object.entries(styles).map(([name, [css, meaning]]) => rules(css, this[name], meaning));
    css.unshift(`:host { display: ${display}; }`);
    css.push(rules("display", this.display, (value) => (value === "none" ? "none" : display)));
    this.shadowRoot.adoptedStyleSheets = [everyElement, own, sheet(css.join("\n"))];
    this.named();
  }

  named() {
    const role = this.accessibilityRole;
    this.role = !role || role === "generic" ? null : ROLES[role] ?? role;
    this.ariaLabel = this.accessibilityLabel || null;
    this.ariaHidden = this.accessibilityVisibility === "hidden" ? "true" : null;
  }
}
const BOX_PROPS = { ...strings(BOX), display: String, accessibilityRole: String, accessibilityLabel: String, accessibilityVisibility: String };

define("s-box", class extends Box { static props = BOX_PROPS; });

define("s-stack", class extends Box {
  static styles = { ...BOX, ...ALIGN };
  static props = { ...BOX_PROPS, ...strings(ALIGN), direction: String };
  static display = "flex";
  static css = `
    :host { flex-direction: column; min-width: 0; }
    :host([direction="inline"]) { flex-direction: row; flex-wrap: wrap; }
  `;
});

define("s-grid", class extends Box {
  static styles = { ...BOX, ...ALIGN, ...GRID };
  static props = { ...BOX_PROPS, ...strings(ALIGN), ...strings(GRID) };
  static display = "grid";
});

define("s-grid-item", class extends Box {
  static styles = { ...BOX, ...SPAN };
  static props = { ...BOX_PROPS, ...strings(SPAN) };
  static css = `:host { min-width: 0; }`;
});

define("s-query-container", class extends PolarisElement {
  static props = { containerName: String };
  static css = `:host { display: block; container-type: inline-size; }`;
  drawn() { this.style.containerName = `s-default ${this.containerName}`.trim(); }
});

define("s-scroll-box", class extends Box {
  static props = BOX_PROPS;
  static css = `:host { overflow: auto; }`;
});

define("s-divider", class extends PolarisElement {
  static props = { direction: String, color: String };
  static css = `
    :host { display: block; border-top: 1px solid #ebebeb; align-self: stretch; }
    :host([direction="block"]) { border-top: 0; border-left: 1px solid #ebebeb; min-height: 16px; }
    :host([color="strong"]) { border-color: #8a8a8a; }
  `;
  draw() { return ""; }
  drawn() { this.role = "separator"; }
});

// Level 1 is the page, 2 a section, 3 a section within a section, and so on.
const level = (element) => {
  let depth = 2;
  for (let up = element.parentElement?.closest("s-section, s-empty-state"); up; up = up.parentElement?.closest("s-section, s-empty-state")) depth++;
  return Math.min(depth, 6);
};

define("s-page", class extends PolarisElement {
  static props = { heading: String, inlineSize: String };
  static css = `
    :host { display: block; min-height: 100vh; background: #f1f1f1; color: #303030; font-size: 13px; line-height: 20px; }
    .page { max-width: 998px; margin: 0 auto; padding: 16px 24px 56px; }
    :host([inlinesize="small"]) .page { max-width: 662px; }
    :host([inlinesize="large"]) .page { max-width: none; }
    header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-bottom: 16px; min-height: 32px; }
    .crumb { display: none; } :host(:state(has-breadcrumb-actions)) .crumb { display: inline-flex; align-items: center; gap: 6px; color: #616161; }
    h1 { font-size: 20px; line-height: 28px; font-weight: 650; margin: 0; letter-spacing: -.01em; overflow-wrap: anywhere; }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; margin-inline-start: auto; }
    .columns { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); align-items: start; }
    main, aside { display: flex; flex-direction: column; gap: 16px; min-width: 0; }
    aside { display: none; } :host(:state(has-aside)) aside { display: flex; }
    @media (min-width: 768px) { :host(:state(has-aside)) .columns { grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); } }
    @media (max-width: 490px) { .page { padding: 12px 0 40px; } header { padding: 0 16px; } .actions { margin-inline-start: 0; } }
  `;
  draw() {
    const heading = this.heading ? `<h1>${escaped(this.heading)}</h1>` : "";
    return `<div class="page">
      <header><span class="crumb"><slot name="breadcrumb-actions"></slot>${icon("chevron-right", 16)}</span>${heading}<slot name="supplemental-start"></slot>
        <div class="actions"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></div></header>
      <div class="columns"><main><slot></slot></main><aside><slot name="aside"></slot></aside></div></div>`;
  }
  drawn() {
    this.dispatchEvent(new CustomEvent("page-heading", { bubbles: true, detail: this.heading }));
  }
});

define("s-section", class extends PolarisElement {
  static props = { heading: String, subheading: String, padding: String, accessibilityLabel: String };
  static css = `
    :host { display: block; }
    section { background: #fff; border-radius: 12px; box-shadow: 0 1px 0 rgba(26, 26, 26, .07), 0 0 0 1px rgba(26, 26, 26, .06); overflow: clip; }
    .head { display: none; gap: 8px; align-items: center; flex-wrap: wrap; padding: 16px 16px 0; }
    :host([heading]) .head, :host(:state(has-primary-action)) .head, :host(:state(has-secondary-actions)) .head { display: flex; }
    h2, h3, h4, h5, h6 { font-size: 14px; line-height: 20px; font-weight: 650; margin: 0; }
    .sub { color: #616161; margin: 2px 0 0; font-weight: 400; }
    .actions { display: flex; gap: 8px; margin-inline-start: auto; }
    .body { padding: 16px; display: flow-root; } :host([heading]) .body { padding-top: 12px; }
    ::slotted(*) { max-width: 100%; }
    .body ::slotted(:not(:last-child)) { margin-bottom: 12px; }
    :host([padding="none"]) .body { padding: 0; } :host([padding="none"][heading]) .body { padding-top: 12px; }
    :host(:state(nested)) section { box-shadow: none; border-radius: 0; }
    :host(:state(nested)) .head, :host(:state(nested)) .body { padding-inline: 0; } :host(:state(nested)) .body { padding-bottom: 0; }
    @media (max-width: 490px) { section { border-radius: 0; } }
  `;
  draw() {
    const depth = level(this);
    const title = this.heading
      ? `<div><h${depth}>${escaped(this.heading)}</h${depth}>${this.subheading ? `<p class="sub">${escaped(this.subheading)}</p>` : ""}</div>`
      : "";
    return `<section${attributes({ "aria-label": this.accessibilityLabel || this.heading })}>
      <div class="head"><slot name="graphic"></slot>${title}<slot name="accessory"></slot><slot name="supplemental"></slot>
        <div class="actions"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></div></div>
      <div class="body"><slot></slot></div></section>`;
  }
  drawn() { this.state("nested", level(this) > 2); }
});

define("s-empty-state", class extends PolarisElement {
  static props = { heading: String };
  static css = `
    :host { display: flex; flex-direction: column; align-items: center; text-align: center; gap: 12px; padding: 40px 16px; }
    h2, h3, h4, h5, h6 { font-size: 16px; line-height: 24px; font-weight: 650; margin: 0; }
    .sub { color: #616161; max-width: 400px; } .actions { display: flex; flex-wrap: wrap; justify-content: center; gap: 8px; }
  `;
  draw() {
    const depth = level(this);
    return `<slot name="graphic"></slot><h${depth}>${escaped(this.heading)}</h${depth}><div class="sub"><slot name="subheading"></slot></div>
      <div class="actions"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></div>`;
  }
});
