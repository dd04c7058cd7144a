// Fields are form-associated: their value goes into FormData under their name and form.reset() takes it back. As
// with Polaris itself, `required` is told to assistive technology but stops nothing: the app checks and sets `error`.
const FIELD_LOOK = `
  :host { display: block; min-width: 0; font-size: var(--field-text, 13px); line-height: 20px; color: #303030; }
  label, legend { display: block; margin-bottom: 4px; padding: 0; } .must { color: #8e0b21; }
  .frame { display: flex; align-items: center; gap: 6px; min-height: var(--field-height, 32px); padding: 0 12px; border: 1px solid #8a8a8a; border-radius: 8px; background: #fdfdfd; }
  .frame:hover { background: #fafafa; } .frame:focus-within { border-color: #005bd3; outline: 1px solid #005bd3; background: #fff; }
  .control { flex: 1; min-width: 0; width: 100%; border: 0; background: none; padding: 5px 0; font: inherit; color: inherit; outline: none; }
  .control::placeholder { color: #757575; } .affix { color: #616161; white-space: nowrap; }
  :host([disabled]) .frame, :host([readonly]) .frame { background: #f2f2f2; border-color: #d4d4d4; color: #616161; }
  :host([error]:not([error=""])) .frame { border-color: #8e0b21; background: #fff6f5; }
  .details { color: #616161; margin: 4px 0 0; font-size: 12px; line-height: 16px; } .bare { display: none; } :host(:state(has-details)) .bare { display: block; }
  .error { color: #8e0b21; margin: 4px 0 0; display: flex; gap: 4px; align-items: flex-start; } .error svg { flex: none; margin-top: 2px; }
  @media (max-width: 490px) { .frame { min-height: var(--field-height, 40px); } .control { font-size: 16px; } }
`;
const FIELD_PROPS = {
  name: String, value: String, label: String, placeholder: String, details: String, error: String, required: Boolean, disabled: Boolean,
  readOnly: Boolean, autocomplete: String, labelAccessibilityVisibility: String,
};
const LENGTHS = { maxLength: Number, minLength: Number };

class Field extends PolarisElement {
  static formAssociated = true;
  static shadow = { delegatesFocus: true };
  static props = { ...FIELD_PROPS, ...LENGTHS };
  static css = FIELD_LOOK;
  static type = "text";

  #typed = null; // what the buyer typed; null while the attribute still speaks

  get value() { return this.#typed ?? this.getAttribute("value") ?? ""; }
  set value(text) {
    this.#typed = String(text ?? "");
    if (this.control) this.control.value = this.value;
    this.settle();
  }
  get form() { return this.internals.form ?? this.closest("s-form"); }
  get control() { return this.shadowRoot.querySelector(".control"); }

  input(more) {
    const { type } = this.constructor;
    return `<input${attributes({ id: "control", class: "control", type, ...this.usual(), ...more })}>`;
  }
  usual() {
    const number = (value) => (Number.isFinite(value) ? value : null);
    return {
      placeholder: this.placeholder, disabled: this.disabled, readonly: this.readOnly, autocomplete: this.autocomplete,
      maxlength: number(this.maxLength), minlength: number(this.minLength), "aria-required": this.required ? "true" : null,
      "aria-describedby": "details error", "aria-invalid": this.error ? "true" : null,
    };
  }
  frame() { return `<div class="frame">${this.input()}</div>`; }
  draw() {
    const unseen = this.labelAccessibilityVisibility === "exclusive" ? "unseen" : "";
    const must = this.required ? ` <span class="must" aria-hidden="true">*</span>` : "";
    return `<label for="control" class="${unseen}">${escaped(this.label)}${must}</label>${this.frame()}${this.more()}`;
  }
  // What stands below: details, and the error while there is one.
  more() {
    const error = this.error ? `<p class="error">${icon("alert", 16)}<span>${escaped(this.error)}</span></p>` : "";
    return `<div class="details${this.details ? "" : " bare"}" id="details">${escaped(this.details)}<slot name="details"></slot></div>
      <div id="error" role="alert">${error}<slot name="error"></slot></div>`;
  }
  drawn() {
    const { control } = this;
    control.value = this.value;
    control.addEventListener("input", () => { this.#typed = control.value; this.settle(); });
    control.addEventListener("change", () => this.dispatchEvent(new Event("change", { bubbles: true })));
    control.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && control.localName === "input") this.form?.requestSubmit();
    });
    this.settle();
  }
  settle() { this.internals.setFormValue(this.value); }
  formResetCallback() {
    this.#typed = null;
    if (this.control) this.control.value = this.value;
    this.settle();
  }
  formStateRestoreCallback(state) { this.value = state; }
}

const affix = (text) => (text ? `<span class="affix">${escaped(text)}</span>` : "");
define("s-text-field", class extends Field {
  static props = { ...Field.props, prefix: String, suffix: String, icon: String };
  frame() {
    return `<div class="frame">${this.icon ? icon(this.icon, 16) : ""}${affix(this.prefix)}${this.input()}${affix(this.suffix)}<slot name="accessory"></slot></div>`;
  }
});
define("s-email-field", class extends Field { static type = "email"; });
define("s-url-field", class extends Field { static type = "url"; });
define("s-password-field", class extends Field { static type = "password"; });
define("s-search-field", class extends Field {
  static type = "search";
  frame() { return `<div class="frame">${icon("search", 16)}${this.input()}</div>`; }
});
define("s-date-field", class extends Field {
  static type = "date";
  static props = FIELD_PROPS;
});

const RANGE = { min: Number, max: Number, step: Number };
define("s-number-field", class extends Field {
  static type = "number";
  static props = { ...FIELD_PROPS, ...RANGE, inputMode: String, prefix: String, suffix: String };
  input() { return super.input({ min: this.getAttribute("min"), max: this.getAttribute("max"), step: this.getAttribute("step"), inputmode: this.inputMode || "decimal" }); }
  frame() { return `<div class="frame">${affix(this.prefix)}${this.input()}${affix(this.suffix)}</div>`; }
});
define("s-money-field", class extends Field {
  static type = "number";
  static props = { ...FIELD_PROPS, min: Number, max: Number, currencyCode: String };
  frame() { return `<div class="frame">${affix(this.currencyCode.replace("auto", ""))}${this.input({ step: "any", inputmode: "decimal" })}</div>`; }
});

define("s-text-area", class extends Field {
  static props = { ...Field.props, rows: Number };
  static css = `${FIELD_LOOK} textarea { resize: vertical; line-height: 20px; }`;
  input() { return `<textarea${attributes({ id: "control", class: "control", rows: this.rows || 2, ...this.usual() })}></textarea>`; }
});

// Draw again when the options in the light tree come, go or change.
function watch(field) {
  field.watching?.disconnect();
  field.watching = new MutationObserver(() => field.isConnected && field.redraw());
  field.watching.observe(field, { childList: true, subtree: true, characterData: true, attributeFilter: ["value", "selected", "disabled", "label"] });
}

// Options live in the light tree as s-option and s-option-group; a native select shows them.
const { readOnly, autocomplete, ...SELECT_PROPS } = FIELD_PROPS;
define("s-select", class extends Field {
  static props = { ...SELECT_PROPS, icon: String };
  static css = `${FIELD_LOOK} select { appearance: none; cursor: pointer; } .frame { position: relative; } .frame svg:last-of-type { pointer-events: none; position: absolute; right: 8px; } slot[name=""], slot:not([name]) { display: none; }`;
  get value() { return super.value || (this.chosen()?.value ?? ""); }
  set value(text) { super.value = text; }

  options() { return [...this.querySelectorAll("s-option")]; }
  chosen() { return this.options().find((option) => option.selected) ?? (this.placeholder ? null : this.options()[0]); }
  input() {
    const choice = (option) => `<option${attributes({ disabled: option.disabled })} value="${escaped(option.value)}">${escaped(option.textContent.trim())}</option>`;
    const group = (node) => (node.localName === "s-option-group" ? `<optgroup${attributes({ label: node.label })}>${[...node.children].map(choice).join("")}</optgroup>` : choice(node));
    const empty = this.placeholder ? `<option value="" disabled>${escaped(this.placeholder)}</option>` : "";
    const nodes = [...this.children].filter((node) => ["s-option", "s-option-group"].includes(node.localName));
    return `<select${attributes({ id: "control", class: "control", ...this.usual(), placeholder: null })}>${empty}${nodes.map(group).join("")}</select>${icon("chevron-down", 16)}`;
  }
  frame() { return `<div class="frame">${this.icon ? icon(this.icon, 16) : ""}${this.input()}</div><slot></slot>`; }
  connectedCallback() {
    super.connectedCallback();
    watch(this);
  }
});
define("s-option", class extends PolarisElement {
  static props = { value: String, selected: Boolean, disabled: Boolean };
});
define("s-option-group", class extends PolarisElement { static props = { label: String, disabled: Boolean }; });

const TICK_PROPS = { name: String, value: String, checked: Boolean, label: String, details: String, error: String, required: Boolean, disabled: Boolean, accessibilityLabel: String, labelAccessibilityVisibility: String };
const TICK_LOOK = `
  .row { display: flex; gap: 8px; align-items: flex-start; margin: 0; cursor: pointer; padding: 2px 0; } :host([disabled]) .row { cursor: default; color: #8a8a8a; }
  .control { flex: none; width: 16px; height: 16px; margin: 2px 0; padding: 0; accent-color: #303030; cursor: inherit; } .control:focus-visible { outline: 2px solid #005bd3; outline-offset: 1px; }
  .row .details { display: block; margin: 0; }
`;

// A box that is on or off: its value ("on" when it has none) goes into the form only when it is on.
class Tick extends Field {
  static props = TICK_PROPS;
  static css = `${FIELD_LOOK} ${TICK_LOOK} .details { margin: 0 0 0 24px; }`;
  #on = null;

  get value() { return this.getAttribute("value") ?? "on"; }
  set value(text) { this.setAttribute("value", text); }
  get checked() { return this.#on ?? this.hasAttribute("checked"); }
  set checked(on) {
    this.#on = Boolean(on);
    if (this.control) this.control.checked = this.checked;
    this.settle();
  }
  box() {
    return `<input${attributes({ class: "control", type: "checkbox", disabled: this.disabled, "aria-required": this.required ? "true" : null, "aria-invalid": this.error ? "true" : null, "aria-label": this.accessibilityLabel, "aria-describedby": "details error" })}>`;
  }
  draw() {
    const unseen = this.labelAccessibilityVisibility === "exclusive" ? ` class="unseen"` : "";
    return `<label class="row">${this.box()}<span${unseen}>${escaped(this.label)}</span></label>${this.more()}`;
  }
  drawn() {
    const { control } = this;
    control.checked = this.checked;
    control.indeterminate = this.hasAttribute("indeterminate");
    control.addEventListener("change", () => {
      this.checked = control.checked;
      this.dispatchEvent(new Event("change", { bubbles: true }));
    });
    this.settle();
  }
  settle() { this.internals.setFormValue(this.checked ? this.value : null); }
  formResetCallback() {
    this.#on = null;
    this.redraw();
  }
  formStateRestoreCallback() { this.checked = true; }
}
define("s-checkbox", class extends Tick { static props = { ...TICK_PROPS, indeterminate: Boolean }; });
define("s-switch", class extends Tick {
  static css = `${Tick.css} .details { margin-left: 40px; }
    .control { appearance: none; position: relative; width: 32px; height: 20px; margin: 0; border-radius: 10px; background: #8a8a8a; transition: background .15s; }
    .control::after { content: ""; position: absolute; top: 3px; left: 3px; width: 14px; height: 14px; border-radius: 7px; background: #fff; transition: transform .15s; }
    .control:checked { background: #303030; } .control:checked::after { transform: translateX(12px); } .control:disabled { background: #d4d4d4; }`;
  drawn() {
    this.control.role = "switch";
    super.drawn();
  }
});

define("s-choice", class extends PolarisElement {
  static props = { value: String, selected: Boolean, disabled: Boolean, accessibilityLabel: String };
  static css = `:host { display: block; } .label { display: none; } .more { display: none; padding: 4px 0 8px 24px; } :host(:state(has-secondary-content):state(chosen)) .more { display: block; }`;
  draw() { return `<div class="label"><slot></slot><slot name="details"></slot></div><div class="more"><slot name="secondary-content"></slot></div>`; }
  get words() { return [...this.childNodes].filter((node) => !node.slot).map((node) => node.textContent).join("").trim(); }
  get hint() { return this.querySelector("[slot=details]")?.textContent.trim() ?? ""; }
});

// The list draws native radios or boxes, so that arrow keys and groups work; each choice shows only its extra content.
define("s-choice-list", class extends Field {
  static shadow = { delegatesFocus: true, slotAssignment: "manual" };
  static props = { name: String, label: String, details: String, error: String, multiple: Boolean, disabled: Boolean, labelAccessibilityVisibility: String };
  static css = `${FIELD_LOOK} fieldset { border: 0; margin: 0; padding: 0; min-width: 0; } ${TICK_LOOK}`;
  #values = null;

  get choices() { return [...this.querySelectorAll("s-choice")]; }
  get values() { return this.#values ?? this.choices.filter((choice) => choice.selected).map((choice) => choice.value); }
  set values(list) {
    this.#values = [...list];
    this.redraw();
  }
  get value() { return this.values[0] ?? ""; }
  get control() { return null; }
  draw() {
    const type = this.multiple ? "checkbox" : "radio";
    const row = (choice, place) => `<label class="row"><input${attributes({ class: "control", type, name: "choice", value: `${place}`, disabled: this.disabled || choice.disabled, checked: this.values.includes(choice.value), "aria-label": choice.accessibilityLabel })}>
      <span>${escaped(choice.words)}<span class="details">${escaped(choice.hint)}</span></span></label><slot></slot>`;
    const unseen = this.labelAccessibilityVisibility === "exclusive" ? ` class="unseen"` : "";
    return `<fieldset><legend${unseen}>${escaped(this.label)}</legend>${this.choices.map(row).join("")}${this.more()}</fieldset>`;
  }
  drawn() {
    const slots = this.shadowRoot.querySelectorAll("slot:not([name])");
    this.choices.forEach((choice, place) => slots[place].assign(choice));
    for (const box of this.shadowRoot.querySelectorAll("input")) box.addEventListener("change", () => this.picked());
    this.settle();
  }
  picked() {
    const ticked = [...this.shadowRoot.querySelectorAll("input:checked")].map((box) => this.choices[box.value]?.value);
    this.#values = ticked;
    this.settle();
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }
  settle() {
    const data = new FormData();
    for (const value of this.values) data.append(this.name, value);
    this.internals.setFormValue(this.name ? data : null);
    for (const choice of this.choices) choice.internals?.states[this.values.includes(choice.value) ? "add" : "delete"]("chosen");
  }
  connectedCallback() {
    super.connectedCallback();
    watch(this);
  }
  formResetCallback() {
    this.#values = null;
    this.redraw();
  }
  formStateRestoreCallback() {}
});
