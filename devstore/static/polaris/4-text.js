const TEXT_PROPS = { tone: String, color: String, fontSize: String, fontWeight: String, accessibilityVisibility: String, dir: String };
const TEXT_LOOK = `
  :host([color="subdued"]) { color: #616161; } ${TEXT_TONE}
  :host([fontsize="small"]), :host([fontsize="small-100"]) { font-size: 12px; line-height: 16px; } :host([fontsize="small-200"]) { font-size: 11px; }
  :host([fontsize="large"]) { font-size: 14px; } :host([fontsize="large-100"]) { font-size: 16px; line-height: 24px; }
  :host([fontsize="large-200"]) { font-size: 20px; line-height: 24px; } :host([fontsize="large-300"]) { font-size: 24px; line-height: 32px; }
  :host([fontweight="medium"]) { font-weight: 550; } :host([fontweight="semibold"]) { font-weight: 600; } :host([fontweight="bold"]) { font-weight: 700; }
  :host([fontvariantnumeric="tabular-nums"]) { font-variant-numeric: tabular-nums; }
  :host([accessibilityvisibility="exclusive"]) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

class Text extends PolarisElement {
  static props = TEXT_PROPS;
  drawn() {
    this.ariaHidden = this.accessibilityVisibility === "hidden" ? "true" : null;
    if (this.lineClamp > 0) Object.assign(this.style, { display: "-webkit-box", webkitBoxOrient: "vertical", webkitLineClamp: this.lineClamp, overflow: "hidden" });
  }
}

define("s-text", class extends Text {
  static props = { ...TEXT_PROPS, fontVariantNumeric: String, type: String, interestFor: String };
  static css = `:host { display: inline; } ${TEXT_LOOK}
    :host([type="strong"]) { font-weight: 600; } :host([type="address"]) { white-space: pre-line; }
    :host([type="redundant"]) { text-decoration: line-through; } :host([type="small"]) { font-size: .85em; } :host([type="emphasis"]) { font-style: italic; }`;
});

define("s-number", class extends Text {
  static css = `:host { display: inline; font-variant-numeric: tabular-nums; } ${TEXT_LOOK}`;
});

define("s-paragraph", class extends Text {
  static props = { ...TEXT_PROPS, fontVariantNumeric: String, lineClamp: Number };
  static css = `:host { display: block; overflow-wrap: anywhere; } ${TEXT_LOOK}`;
  drawn() {
    super.drawn();
    this.role = "paragraph";
  }
});

define("s-heading", class extends Text {
  static props = { fontSize: String, accessibilityVisibility: String, accessibilityRole: String, lineClamp: Number };
  static css = `:host { display: block; } ${TEXT_LOOK} h2, h3, h4, h5, h6 { font-weight: 650; margin: 0; font-size: inherit; line-height: inherit; }
    :host(:not([fontsize])) { font-size: var(--heading-size, 14px); line-height: 1.43; }`;
  draw() {
    const depth = level(this);
    return `<h${depth}><slot></slot></h${depth}>`;
  }
});

define("s-badge", class extends PolarisElement {
  static props = { tone: String, color: String, icon: String, size: String };
  static css = `
    :host { display: inline-flex; align-items: center; gap: 4px; padding: 2px 8px; border-radius: 8px; background: #ebebeb; color: #4a4a4a;
      font-size: 12px; line-height: 16px; font-weight: 550; white-space: nowrap; vertical-align: middle; }
    :host([size="large"]), :host([size="large-100"]) { padding: 4px 10px; font-size: 13px; }
    :host([tone="info"]) { background: #d5ebff; color: #003a5a; } :host([tone="success"]) { background: #b4fed2; color: #0c5132; }
    :host([tone="caution"]) { background: #fff1a0; color: #4f4700; } :host([tone="warning"]) { background: #ffd6a4; color: #5e4200; }
    :host([tone="critical"]) { background: #fedad9; color: #8e0b21; }
    :host([color="strong"]) { background: #616161; color: #fff; } :host([color="strong"][tone="success"]) { background: #0c5132; }
    :host([color="strong"][tone="critical"]) { background: #8e0b21; } :host([color="strong"][tone="info"]) { background: #003a5a; }
    :host([color="strong"][tone="warning"]), :host([color="strong"][tone="caution"]) { background: #5e4200; }
  `;
  draw() { return `${this.icon ? icon(this.icon, 14) : ""}<slot></slot>`; }
});

class Chip extends PolarisElement {
  static props = { color: String, accessibilityLabel: String, removable: Boolean };
  static css = `
    :host { display: inline-flex; vertical-align: middle; } :host([disabled]) { opacity: .5; }
    .chip { display: inline-flex; align-items: center; border-radius: 8px; background: #e3e3e3; color: #303030; font-size: 12px; line-height: 20px; font-weight: 550; }
    .label { display: inline-flex; align-items: center; gap: 4px; padding: 2px 8px; border: 0; border-radius: 8px; background: none; font: inherit; color: inherit; text-decoration: none; }
    :host([color="strong"]) .chip { background: #303030; color: #fff; } :host([color="strong"]) a.label:hover { background: #303030; }
    button, a.label { cursor: pointer; } button:hover, a.label:hover { background: #d4d4d4; }
    .remove { display: inline-flex; border: 0; border-radius: 8px; background: none; padding: 5px 6px 5px 0; color: inherit; }
  `;
  label(content) { return `<span class="label">${content}</span>`; }
  draw() {
    const remove = `<button type="button" class="remove" aria-label="${escaped(`Remove ${this.accessibilityLabel}`.trim())}">${icon("x", 14)}</button>`;
    return `<span class="chip">${this.label(`<slot name="graphic"></slot><slot></slot>`)}${this.removable ? remove : ""}</span>`;
  }
  drawn() {
    this.shadowRoot.querySelector(".remove")?.addEventListener("click", (event) => {
      event.stopPropagation();
      this.dispatchEvent(new Event("remove"));
    });
  }
}
define("s-chip", Chip);
define("s-clickable-chip", class extends Chip {
  static props = { ...Chip.props, disabled: Boolean, href: String, command: String, commandFor: String, interestFor: String };
  act() { if (this.commandFor) overlay(this.commandFor, this.command || "--auto", this); }
  label(content) {
    if (this.href) return `<a class="label"${attributes({ href: this.href, "aria-label": this.accessibilityLabel })}>${content}</a>`;
    return `<button type="button" class="label"${attributes({ disabled: this.disabled, "aria-label": this.accessibilityLabel })}>${content}</button>`;
  }
});

define("s-avatar", class extends PolarisElement {
  static props = { initials: String, src: String, size: String, alt: String };
  static css = `
    :host { display: inline-flex; width: 32px; height: 32px; border-radius: 8px; overflow: hidden; background: #d5ebff; color: #003a5a; align-items: center; justify-content: center; font-size: 12px; font-weight: 600; vertical-align: middle; }
    :host([size="small"]), :host([size="small-100"]) { width: 28px; height: 28px; } :host([size="small-200"]) { width: 24px; height: 24px; font-size: 10px; }
    :host([size="large"]), :host([size="large-100"]) { width: 40px; height: 40px; font-size: 14px; } :host([size="large-200"]) { width: 48px; height: 48px; font-size: 16px; }
    img { width: 100%; height: 100%; object-fit: cover; }
  `;
  draw() { return this.src ? `<img${attributes({ src: this.src })} alt="${escaped(this.alt)}">` : escaped(this.initials.slice(0, 2)); }
  drawn() {
    this.role = "img";
    this.ariaLabel = this.alt || this.initials;
  }
});

define("s-thumbnail", class extends PolarisElement {
  static props = { src: String, alt: String, size: String };
  static css = `
    :host { display: inline-flex; flex: none; width: 40px; height: 40px; border-radius: 8px; border: 1px solid #e3e3e3; background: #fff; overflow: hidden; color: #8a8a8a; align-items: center; justify-content: center; vertical-align: middle; }
    :host([size="small"]), :host([size="small-100"]) { width: 32px; height: 32px; } :host([size="small-200"]) { width: 24px; height: 24px; }
    :host([size="large"]), :host([size="large-100"]) { width: 60px; height: 60px; } img { width: 100%; height: 100%; object-fit: cover; }
  `;
  draw() { return this.src ? `<img${attributes({ src: this.src, loading: "lazy" })} alt="${escaped(this.alt)}">` : icon("product"); }
});

define("s-image", class extends PolarisElement {
  static props = { src: String, srcSet: String, sizes: String, alt: String, aspectRatio: String, objectFit: String, inlineSize: String, loading: String };
  static css = `:host { display: block; } :host([inlinesize="auto"]) { display: inline-block; } img { display: block; width: 100%; height: auto; }
    :host([inlinesize="auto"]) img { width: auto; max-width: 100%; }`;
  draw() { return `<img${attributes({ src: this.src, srcset: this.srcSet, sizes: this.sizes, loading: this.loading })} alt="${escaped(this.alt)}">`; }
  drawn() {
    const image = this.shadowRoot.firstElementChild;
    if (this.aspectRatio) image.style.aspectRatio = this.aspectRatio;
    image.style.objectFit = this.objectFit || "contain";
    for (const news of ["load", "error"]) image.addEventListener(news, () => this.dispatchEvent(new Event(news)));
  }
});

const SPIN = `@keyframes turn { to { transform: rotate(1turn); } }`;
const RINGING = `<svg viewBox="0 0 20 20" width="100%" height="100%" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" aria-hidden="true"><circle cx="10" cy="10" r="7.5" opacity=".2"/><path d="M10 2.5a7.5 7.5 0 0 1 7.5 7.5"/></svg>`;

define("s-spinner", class extends PolarisElement {
  static props = { size: String, accessibilityLabel: String };
  static css = `${SPIN} :host { display: inline-flex; width: 20px; height: 20px; color: #303030; vertical-align: middle; animation: turn .8s linear infinite; }
    :host([size="large"]) { width: 32px; height: 32px; } :host([size="large-100"]) { width: 44px; height: 44px; }`;
  draw() { return RINGING; }
  drawn() {
    this.role = "status";
    this.ariaLabel = this.accessibilityLabel || "Loading";
  }
});

define("s-progress", class extends PolarisElement {
  static props = { value: Number, max: Number, tone: String, accessibilityLabel: String };
  static css = `
    :host { display: block; height: 8px; border-radius: 4px; background: #e3e3e3; overflow: hidden; color: #303030; } ${TEXT_TONE}
    div { height: 100%; background: currentColor; border-radius: 4px; transition: width .3s; }
    :host(:not([value])) div { width: 35%; animation: pass 1.4s ease-in-out infinite; } @keyframes pass { from { margin-left: -35%; } to { margin-left: 100%; } }
  `;
  draw() { return "<div></div>"; }
  drawn() {
    const most = this.max > 0 ? this.max : 1;
    const share = Math.min(1, Math.max(0, this.value / most));
    if (this.hasAttribute("value")) this.shadowRoot.firstElementChild.style.width = `${share * 100}%`;
    Object.assign(this, { role: "progressbar", ariaLabel: this.accessibilityLabel || "Progress", ariaValueMin: "0", ariaValueMax: `${most}`, ariaValueNow: this.hasAttribute("value") ? `${this.value}` : null });
  }
});

const LIST = `:host { display: block; padding-inline-start: 20px; }`;
class List extends PolarisElement {
  static css = LIST;
  drawn() { this.role = "list"; }
}
define("s-unordered-list", class extends List { static css = `${LIST} ::slotted(s-list-item) { list-style: disc; }`; });
define("s-ordered-list", class extends List { static css = `${LIST} ::slotted(s-list-item) { list-style: decimal; }`; });
define("s-list-item", class extends PolarisElement {
  static css = `:host { display: list-item; margin-bottom: 4px; }`;
  drawn() { this.role = "listitem"; }
});

define("s-banner", class extends PolarisElement {
  static props = { heading: String, tone: String, dismissible: Boolean };
  static css = `
    :host { display: block; border-radius: 12px; background: #fff; overflow: clip; box-shadow: 0 1px 0 rgba(26, 26, 26, .07), 0 0 0 1px rgba(26, 26, 26, .06); --ground: #e3e3e3; --ink: #303030; }
    :host([tone="info"]) { --ground: #91d0ff; --ink: #00213a; } :host([tone="success"]) { --ground: #92fcac; --ink: #0c3922; }
    :host([tone="warning"]) { --ground: #ffb800; --ink: #251a00; } :host([tone="critical"]) { --ground: #c70a24; --ink: #fff; }
    .head { display: flex; gap: 8px; align-items: center; padding: 10px 12px; background: var(--ground); color: var(--ink); font-weight: 600; }
    .head svg { flex: none; } .head strong { flex: 1; font-weight: 600; } .body { padding: 12px; display: none; }
    :host(:state(has-content)) .body, :host(:state(has-secondary-actions)) .body { display: block; }
    :host(:state(has-secondary-actions)) .actions { display: flex; gap: 8px; margin-top: 10px; flex-wrap: wrap; }
    button { border: 0; background: none; color: inherit; padding: 2px; border-radius: 6px; display: inline-flex; cursor: pointer; }
    :host(:not([heading])) { display: flex; } :host(:not([heading])) .head { align-items: flex-start; } :host(:not([heading])) .body { flex: 1; }
    @media (max-width: 490px) { :host { border-radius: 0; } }
  `;
  draw() {
    const sign = { success: "check-circle", warning: "alert", critical: "alert" }[this.tone] ?? "info";
    const close = this.dismissible ? `<button type="button" aria-label="Dismiss">${icon("x", 16)}</button>` : "";
    return `<div class="head">${icon(sign)}${this.heading ? `<strong>${escaped(this.heading)}</strong>` : ""}${this.heading ? close : ""}</div>
      <div class="body"><slot></slot><div class="actions"><slot name="secondary-actions"></slot></div></div>${this.heading ? "" : close}`;
  }
  drawn() {
    this.role = this.tone === "critical" || this.tone === "warning" ? "alert" : "status";
    this.ariaLabel = this.heading || null;
    this.shadowRoot.querySelector("button")?.addEventListener("click", () => {
      this.dispatchEvent(new Event("dismiss"));
      this.hidden = true;
      this.dispatchEvent(new Event("afterhide"));
    });
  }
});
