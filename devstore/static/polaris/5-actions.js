// What is clicked inside the shadow tree bubbles to the host; the host's deed (submit, command) is done when the
// click has passed every listener of the app and nobody has prevented it.
const LINK_PROPS = { href: String, target: String, download: String, lang: String, command: String, commandFor: String, interestFor: String, accessibilityLabel: String };
const ACTION_PROPS = { ...LINK_PROPS, disabled: Boolean, loading: Boolean, type: String };

const acting = (Base) => class extends Base {
  static formAssociated = true;
  static shadow = { delegatesFocus: true };

  get inner() { return this.shadowRoot.querySelector("a, button"); }
  click() { this.inner?.click(); }
  focus(options) { this.inner?.focus(options); }

  shell(content) {
    const label = { class: "shell", "aria-label": this.accessibilityLabel };
    if (this.href && !this.disabled) {
      const target = this.target === "auto" ? "" : this.target;
      return `<a${attributes({ ...label, href: this.href, target, download: this.download })}>${content}</a>`;
    }
    return `<button${attributes({ ...label, type: "button", disabled: this.disabled || this.loading, "aria-busy": this.loading ? "true" : null })}>${content}</button>`;
  }

  act() {
    const form = this.internals.form ?? this.closest("s-form");
    if (this.commandFor) overlay(this.commandFor, this.command || "--auto", this);
    else if (this.type === "submit") form?.requestSubmit();
    else if (this.type === "reset") form?.reset();
  }
};
const Action = acting(PolarisElement);

document.addEventListener("click", (event) => {
  const action = event.composedPath().find((node) => node instanceof PolarisElement && node.act);
  if (action && !event.defaultPrevented && !action.disabled) action.act();
});

// --show, --hide, --toggle and --auto ask the element of that id; --copy copies its text.
function overlay(id, command, source) {
  const element = source.getRootNode().getElementById(id) ?? document.getElementById(id);
  if (!element) return;
  if (command === "--copy") navigator.clipboard?.writeText(element.value || element.textContent.trim());
  else if (command === "--show") element.showOverlay?.(source);
  else if (command === "--hide") element.hideOverlay?.();
  else element.toggleOverlay?.(source);
}

const BUTTON_LOOK = `
  ${SPIN}
  :host { display: inline-flex; vertical-align: middle; } :host([inlinesize="fill"]) { display: flex; width: 100%; }
  .shell { position: relative; display: inline-flex; align-items: center; justify-content: center; gap: 4px; min-height: var(--button-height, 28px); padding: 4px var(--button-padding, 12px); border: 0; border-radius: var(--button-corner, 8px);
    font-size: var(--button-text, 12px); line-height: 1.35; font-weight: 550; text-decoration: none; cursor: pointer; color: #303030; background: #fff; white-space: nowrap;
    box-shadow: inset 0 -1px 0 #b5b5b5, inset 0 0 0 1px #e3e3e3, 0 1px 0 rgba(0, 0, 0, .04); }
  :host([inlinesize="fill"]) .shell { flex: 1; }
  .shell:hover { background: #fafafa; } .shell:active { background: #f3f3f3; box-shadow: inset 0 1px 2px rgba(26, 26, 26, .3); }
  :host([variant="primary"]) .shell { color: #fff; background: var(--primary, linear-gradient(#404040, #1f1f1f)); box-shadow: var(--primary-edge, inset 0 1px 0 rgba(255, 255, 255, .25), inset 0 0 0 1px #1a1a1a); }
  :host([variant="primary"]) .shell:hover { background: var(--primary, #1a1a1a); }
  :host([variant="tertiary"]) .shell { background: transparent; box-shadow: none; } :host([variant="tertiary"]) .shell:hover { background: rgba(0, 0, 0, .06); }
  :host([tone="critical"]) .shell { color: #8e0b21; }
  :host([tone="critical"][variant="primary"]) .shell { color: #fff; background: #c70a24; box-shadow: inset 0 1px 0 rgba(255, 255, 255, .25), inset 0 0 0 1px #8e0b21; }
  .shell:disabled, :host([variant="primary"]) .shell:disabled { cursor: default; color: #767676; background: #ececec; box-shadow: none; }
  :host(:not(:state(has-content))) .shell { padding: 4px; min-width: 28px; }
  .busy { position: absolute; inset: 0; margin: auto; width: 16px; height: 16px; animation: turn .8s linear infinite; }
  :host([loading]) .content { visibility: hidden; } .content { display: inline-flex; align-items: center; gap: 4px; }
  @media (max-width: 490px) { .shell { min-height: var(--button-height, 36px); font-size: var(--button-text, 14px); } }
`;

define("s-button", class extends Action {
  static props = { ...ACTION_PROPS, variant: String, tone: String, icon: String, inlineSize: String };
  static css = BUTTON_LOOK;
  draw() {
    const busy = this.loading ? `<span class="busy">${RINGING}</span>` : "";
    return this.shell(`${busy}<span class="content">${this.icon ? icon(this.icon, 16) : ""}<slot></slot></span>`);
  }
});

define("s-press-button", class extends Action {
  static props = { disabled: Boolean, loading: Boolean, lang: String, accessibilityLabel: String, variant: String, tone: String, icon: String, inlineSize: String, pressed: Boolean };
  static css = `${BUTTON_LOOK} :host([pressed]) .shell { background: #e3e3e3; box-shadow: inset 0 1px 2px rgba(26, 26, 26, .3); }`;
  draw() { return this.shell(`<span class="content">${this.icon ? icon(this.icon, 16) : ""}<slot></slot></span>`); }
  drawn() { this.inner.setAttribute("aria-pressed", this.pressed); }
});

define("s-link", class extends Action {
  static props = { ...LINK_PROPS, tone: String };
  static css = `
    :host { display: inline; }
    .shell { color: var(--link, #005bd3); text-decoration: underline; text-underline-offset: 2px; border: 0; background: none; padding: 0; font: inherit; cursor: pointer; border-radius: 4px; }
    .shell:hover { color: var(--link, #00348f); } :host([tone="critical"]) .shell { color: #8e0b21; } :host([tone="neutral"]) .shell { color: inherit; }
  `;
  draw() { return this.shell("<slot></slot>"); }
});

define("s-clickable", class extends acting(Box) {
  static props = { ...BOX_PROPS, ...ACTION_PROPS };
  static css = `
    .shell { display: block; width: 100%; text-align: start; font: inherit; color: inherit; text-decoration: none; background: none; border: 0; padding: 0; cursor: pointer; border-radius: inherit; }
    :host(:hover) { background: #f7f7f7 !important; }
  `;
  draw() { return this.shell("<slot></slot>"); }
  named() {}
});
define("s-button-group", class extends PolarisElement {
  static props = { gap: String, accessibilityLabel: String };
  static css = `:host { display: inline-flex; flex-wrap: wrap; gap: 8px; } :host([gap="none"]) { gap: 1px; }`;
  draw() { return `<slot></slot><slot name="secondary-actions"></slot><slot name="primary-action"></slot>`; }
  drawn() {
    this.role = "group";
    this.ariaLabel = this.accessibilityLabel || null;
  }
});
