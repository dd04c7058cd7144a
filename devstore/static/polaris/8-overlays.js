// Overlays answer showOverlay(), hideOverlay() and toggleOverlay(), and tell show, aftershow, hide, afterhide.
class Overlay extends PolarisElement {
  get open() { return false; }
  toggleOverlay(source) { this.open ? this.hideOverlay() : this.showOverlay(source); }
  tell(...news) { for (const name of news) this.dispatchEvent(new CustomEvent(name, { bubbles: name === "show" || name === "hide" })); }
}

define("s-modal", class extends Overlay {
  static props = { heading: String, size: String, padding: String, accessibilityLabel: String };
  static css = `
    :host { display: contents; }
    dialog { border: 0; padding: 0; border-radius: 16px; width: min(620px, calc(100vw - 32px)); max-height: min(600px, calc(100vh - 32px)); overflow: hidden; box-shadow: 0 20px 60px rgba(0, 0, 0, .3); color: #303030; font-size: 13px; line-height: 20px; }
    dialog[open] { display: flex; flex-direction: column; } dialog::backdrop { background: rgba(0, 0, 0, .5); }
    :host([size="small"]) dialog, :host([size="small-100"]) dialog { width: min(380px, calc(100vw - 32px)); } :host([size="large"]) dialog, :host([size="large-100"]) dialog { width: min(980px, calc(100vw - 32px)); }
    header { display: flex; align-items: center; gap: 8px; padding: 12px 16px; background: #f3f3f3; border-bottom: 1px solid #e3e3e3; } h2 { flex: 1; margin: 0; font-size: 14px; font-weight: 650; }
    header button { border: 0; background: none; padding: 4px; border-radius: 8px; display: inline-flex; cursor: pointer; color: #4a4a4a; } header button:hover { background: #e3e3e3; }
    .body { padding: 16px; overflow: auto; } footer { display: none; justify-content: flex-end; gap: 8px; padding: 12px 16px; border-top: 1px solid #e3e3e3; }
    :host(:state(has-primary-action)) footer, :host(:state(has-secondary-actions)) footer { display: flex; }
    @media (max-width: 490px) { dialog { width: 100vw !important; max-width: 100vw; margin-bottom: 0; border-radius: 16px 16px 0 0; } }
  `;
  get dialog() { return this.shadowRoot.querySelector("dialog"); }
  get open() { return Boolean(this.dialog?.open); }
  draw() {
    return `<dialog${attributes({ "aria-label": this.accessibilityLabel || this.heading })}>
      <header><h2>${escaped(this.heading)}</h2><button type="button" aria-label="Close">${icon("x")}</button></header>
      <div class="body"><slot></slot></div><footer><slot name="secondary-actions"></slot><slot name="primary-action"></slot></footer></dialog>`;
  }
  redraw() {
    const wasOpen = this.open;
    super.redraw();
    if (wasOpen) this.dialog.showModal();
  }
  drawn() {
    const { dialog } = this;
    this.shadowRoot.querySelector("header button").addEventListener("click", () => this.hideOverlay());
    dialog.addEventListener("click", (event) => event.target === dialog && this.hideOverlay());
    dialog.addEventListener("close", () => this.tell("hide", "afterhide"));
  }
  showOverlay() {
    if (this.open) return;
    this.dialog.showModal();
    this.tell("show", "aftershow");
  }
  hideOverlay() { this.dialog.close(); }
});

class Popover extends Overlay {
  static css = `
    :host { display: contents; }
    .sheet { position: fixed; inset: auto; margin: 0; border: 0; padding: 4px; min-width: 160px; max-width: min(380px, calc(100vw - 16px)); border-radius: 12px; background: #fff; color: #303030;
      box-shadow: 0 0 0 1px rgba(0, 0, 0, .08), 0 8px 24px rgba(0, 0, 0, .2); font-size: 13px; line-height: 20px; }
  `;
  get sheet() { return this.shadowRoot.querySelector(".sheet"); }
  get open() { return Boolean(this.sheet?.matches(":popover-open")); }
  draw() { return `<div class="sheet" popover="auto"${attributes({ "aria-label": this.accessibilityLabel })}><slot></slot></div>`; }
  drawn() {
    this.sheet.addEventListener("toggle", (event) => this.tell(...(event.newState === "open" ? ["show", "aftershow"] : ["hide", "afterhide"])));
  }
  showOverlay(source) {
    this.sheet.showPopover();
    const at = source.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.sheet;
    this.sheet.style.left = `${Math.max(8, Math.min(at.left, innerWidth - offsetWidth - 8))}px`;
    this.sheet.style.top = `${at.bottom + offsetHeight + 8 > innerHeight ? Math.max(8, at.top - offsetHeight - 4) : at.bottom + 4}px`;
  }
  hideOverlay() { this.sheet.hidePopover(); }
}
define("s-popover", Popover);
define("s-menu", class extends Popover {
  static props = { accessibilityLabel: String };
  static css = `${Popover.css} ::slotted(s-button) { display: flex; } ::slotted(s-section) { display: block; }`;
  connectedCallback() {
    super.connectedCallback();
    this.onclick = () => this.open && this.hideOverlay();
  }
});

define("s-tooltip", class extends Overlay {
  static css = `:host { display: contents; } .tip { position: fixed; inset: auto; margin: 0; border: 0; max-width: 240px; padding: 6px 10px; border-radius: 8px; background: #303030; color: #fff; font-size: 12px; line-height: 16px; pointer-events: none; }`;
  draw() { return `<div class="tip" popover="manual" role="tooltip"><slot></slot></div>`; }
  get tip() { return this.shadowRoot.firstElementChild; }
  get open() { return this.tip.matches(":popover-open"); }
  showOverlay(source) {
    if (this.open) return;
    this.tip.showPopover();
    const at = source.getBoundingClientRect();
    this.tip.style.left = `${Math.max(8, Math.min(at.left + at.width / 2 - this.tip.offsetWidth / 2, innerWidth - this.tip.offsetWidth - 8))}px`;
    this.tip.style.top = `${at.bottom + 6}px`;
  }
  hideOverlay() { if (this.open) this.tip.hidePopover(); }
});
// An element with interestFor shows its tooltip while the pointer or the focus is on it.
const interested = (event) => event.composedPath().find((node) => node.getAttribute?.("interestfor"));
for (const [news, deed] of [["pointerover", "showOverlay"], ["focusin", "showOverlay"], ["pointerout", "hideOverlay"], ["focusout", "hideOverlay"]])
  document.addEventListener(news, (event) => {
    const source = interested(event);
    if (source) document.getElementById(source.getAttribute("interestfor"))?.[deed]?.(source);
  });
