// What extensions have beyond the admin's Polaris, or otherwise: elements of checkout, customer accounts and admin blocks.
// Served between the first and the other files of static/polaris; whatever is defined here stays.

define("s-section", class extends PolarisElement {
  static props = { heading: String, padding: String, accessibilityLabel: String };
  static css = `
    :host { display: block; }
    :host(:state(card)) { padding: 20px; border: 1px solid var(--line, #e3e3e3); border-radius: 16px; background: #fff; }
    .head { display: none; flex-wrap: wrap; gap: 8px; align-items: center; margin-bottom: 10px; }
    :host([heading]) .head, :host(:state(has-primary-action)) .head, :host(:state(has-secondary-actions)) .head { display: flex; }
    h2, h3, h4, h5, h6 { margin: 0; font-size: var(--heading-size, 14px); line-height: 1.3; font-weight: 650; }
    .actions { display: flex; gap: 8px; margin-inline-start: auto; }
    .body { display: flow-root; } .body ::slotted(:not(:last-child)) { margin-bottom: 12px; }
  `;
  draw() {
    const depth = level(this);
    const title = this.heading ? `<h${depth}>${escaped(this.heading)}</h${depth}>` : "";
    return `<section${attributes({ "aria-label": this.accessibilityLabel || this.heading })}>
      <div class="head">${title}<div class="actions"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></div></div>
      <div class="body"><slot></slot></div></section>`;
  }
  // On a page of its own a section is a card; in a block the page around the frame has drawn one.
  drawn() { this.state("card", Boolean(this.closest("s-page")) && level(this) === 2); }
});

define("s-page", class extends PolarisElement {
  static props = { heading: String, subheading: String, inlineSize: String };
  static css = `
    :host { display: block; }
    .crumb { display: none; margin-bottom: 8px; } :host(:state(has-breadcrumb-actions)) .crumb { display: block; }
    header { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; margin-bottom: 16px; }
    h1 { margin: 0; font-size: 26px; line-height: 1.2; letter-spacing: -.015em; overflow-wrap: anywhere; } p { margin: 4px 0 0; color: var(--soft, #616161); }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; margin-inline-start: auto; }
    main ::slotted(:not(:last-child)) { margin-bottom: 20px; }
  `;
  draw() {
    const below = this.subheading ? `<p>${escaped(this.subheading)}</p>` : "";
    return `<div class="crumb"><slot name="breadcrumb-actions"></slot></div>
      <header><div><h1>${escaped(this.heading)}</h1>${below}</div>
        <div class="actions"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></div></header>
      <main><slot></slot></main>`;
  }
  // The way back is an arrow, whatever the button in this slot says.
  filled(slot) {
    super.filled(slot);
    if (slot.name !== "breadcrumb-actions") return;
    for (const button of slot.assignedElements()) Object.assign(button, { icon: "arrow-left", variant: "tertiary" });
  }
});

// The root of an order action's modal. Shopify's own modal is around it: its cross closes that.
define("s-customer-account-action", class extends PolarisElement {
  static props = { heading: String };
  static css = `
    :host { display: block; }
    header { display: flex; gap: 12px; align-items: center; padding-bottom: 12px; margin-bottom: 16px; border-bottom: 1px solid var(--line, #e3e3e3); }
    h2 { flex: 1; margin: 0; font-size: 19px; line-height: 1.3; }
    button { border: 0; background: none; padding: 8px; border-radius: 8px; display: inline-flex; color: inherit; cursor: pointer; }
    footer { display: none; flex-wrap: wrap; gap: 8px; justify-content: flex-end; margin-top: 20px; }
    :host(:state(has-primary-action)) footer, :host(:state(has-secondary-actions)) footer { display: flex; }
    main ::slotted(:not(:last-child)) { margin-bottom: 12px; }
  `;
  draw() {
    return `<header><h2>${escaped(this.heading)}</h2><button type="button" aria-label="Close">${icon("x")}</button></header>
      <main><slot></slot></main><footer><slot name="secondary-actions"></slot><slot name="primary-action"></slot></footer>`;
  }
  drawn() {
    this.shadowRoot.querySelector("button").addEventListener("click", () => shopify.close());
  }
});

define("s-admin-block", class extends PolarisElement {
  static props = { heading: String, collapsedSummary: String };
  static css = `
    :host { display: block; background: #fff; border-radius: 12px; padding: 16px; box-shadow: inset 0 0 0 1px rgba(26, 26, 26, .08); }
    h2 { margin: 0 0 12px; font-size: 14px; line-height: 20px; font-weight: 650; } ::slotted(:not(:last-child)) { margin-bottom: 12px; }
  `;
  draw() { return `${this.heading ? `<h2>${escaped(this.heading)}</h2>` : ""}<slot></slot>`; }
});

// Opened and closed by its s-summary.
define("s-details", class extends PolarisElement {
  static props = { open: Boolean, defaultOpen: Boolean, toggleTransition: String };
  static css = `
    :host { display: block; } summary { list-style: none; cursor: pointer; display: flex; gap: 8px; align-items: center; min-height: 32px; border-radius: 6px; }
    summary ::slotted(*) { flex: 1; } .sign { display: inline-flex; } details[open] .sign { rotate: 180deg; } .inside { padding-block: 8px; }
  `;
  draw() {
    return `<details${attributes({ open: this.open || this.defaultOpen })}><summary><slot name="summary"></slot><span class="sign">${icon("chevron-down", 16)}</span></summary>
      <div class="inside"><slot></slot></div></details>`;
  }
  drawn() {
    const details = this.shadowRoot.firstElementChild;
    details.addEventListener("toggle", () => {
      for (const name of ["toggle", "aftertoggle"])
        this.dispatchEvent(Object.assign(new Event(name), { newState: details.open ? "open" : "closed" }));
    });
  }
});
define("s-summary", class extends PolarisElement {
  static css = `:host { display: block; font-weight: 600; }`;
  drawn() { this.slot = "summary"; }
});

define("s-time", class extends PolarisElement {
  static props = { dateTime: String };
  draw() { return `<time${attributes({ datetime: this.dateTime })}><slot></slot></time>`; }
});

define("s-skeleton-paragraph", class extends PolarisElement {
  static props = { content: String };
  static css = `
    :host { display: block; } span { border-radius: 4px; background: var(--line, #e3e3e3); color: transparent; user-select: none; }
    span:empty { display: block; height: 1.2em; width: 70%; }
  `;
  draw() { return `<span aria-hidden="true">${escaped(this.content)}</span>`; }
  drawn() { this.ariaBusy = "true"; }
});

define("s-product-thumbnail", class extends PolarisElement {
  static props = { src: String, srcSet: String, sizes: String, alt: String, size: String, totalItems: Number };
  static css = `
    :host { position: relative; display: inline-block; flex: none; width: 64px; height: 64px; vertical-align: middle; color: #8a8a8a; }
    :host([size="small"]), :host([size="small-100"]) { width: 48px; height: 48px; }
    .frame { display: flex; align-items: center; justify-content: center; width: 100%; height: 100%; border: 1px solid var(--line, #e3e3e3); border-radius: 8px; background: #fff; overflow: hidden; }
    img { width: 100%; height: 100%; object-fit: cover; }
    b { position: absolute; top: -8px; right: -8px; min-width: 20px; padding: 0 6px; border-radius: 10px; background: #4a4a4a; color: #fff; font-size: 12px; line-height: 20px; text-align: center; }
  `;
  draw() {
    const shown = this.src ? `<img${attributes({ src: this.src, srcset: this.srcSet, sizes: this.sizes })} alt="${escaped(this.alt)}">` : icon("product");
    return `<div class="frame">${shown}</div>${this.totalItems > 0 ? `<b>${this.totalItems}</b>` : ""}`;
  }
});

define("s-image-group", class extends PolarisElement {
  static props = { totalItems: Number };
  static css = `:host { display: grid; grid-template-columns: repeat(2, 1fr); gap: 4px; width: 96px; }`;
});

// There is no <form> around its fields: what would submit one asks the s-form, which tells the extension.
define("s-form", class extends PolarisElement {
  static css = `:host { display: block; }`;
  requestSubmit() { this.dispatchEvent(new Event("submit", { cancelable: true })); }
  reset() { this.dispatchEvent(new Event("reset", { cancelable: true })); }
});
