// A table; where it has less than 490 px, or with variant="list", each row becomes a small card.
define("s-table", class extends PolarisElement {
  static props = { variant: String, loading: Boolean, paginate: Boolean, hasPreviousPage: Boolean, hasNextPage: Boolean };
  static css = `
    :host { display: block; position: relative; font-size: 13px; line-height: 20px; }
    .filters { padding: 12px 16px; border-bottom: 1px solid #ebebeb; display: none; } :host(:state(has-filters)) .filters { display: block; }
    .scroll { overflow-x: auto; } .table { display: table; width: 100%; border-collapse: collapse; }
    :host(:state(list)) .table { display: block; }
    .pages { display: none; } :host(:state(whole)) .pages { display: flex; } .pages { justify-content: center; gap: 8px; padding: 8px; border-top: 1px solid #ebebeb; background: #f7f7f7; }
    .pages button { border: 0; border-radius: 8px; background: #e3e3e3; color: #303030; padding: 4px; display: inline-flex; cursor: pointer; } .pages button:disabled { opacity: .4; cursor: default; }
    :host([loading]) .scroll { opacity: .5; } .busy { display: none; } :host([loading]) .busy { display: block; position: absolute; inset: 40px 0 auto; margin: auto; width: 24px; height: 24px; }
  `;
  draw() {
    const page = (name, on, sign, label) => `<button type="button" data-news="${name}" aria-label="${label}"${on ? "" : " disabled"}>${icon(sign)}</button>`;
    const pages = this.paginate ? `<div class="pages">${page("previouspage", this.hasPreviousPage, "chevron-left", "Previous page")}${page("nextpage", this.hasNextPage, "chevron-right", "Next page")}</div>` : "";
    return `<div class="filters"><slot name="filters"></slot></div><div class="scroll"><div class="table" role="table"><slot></slot></div></div>${pages}<s-spinner class="busy"></s-spinner>`;
  }
  drawn() {
    for (const button of this.shadowRoot.querySelectorAll("[data-news]"))
      button.addEventListener("click", () => this.dispatchEvent(new Event(button.dataset.news)));
    this.arrange();
  }
  connectedCallback() {
    super.connectedCallback();
    this.width = new ResizeObserver(() => this.arrange());
    this.width.observe(this);
    this.rows = new MutationObserver(() => this.arrange());
    this.rows.observe(this, { childList: true, subtree: true });
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.arrange());
  }
  disconnectedCallback() {
    this.width.disconnect();
    this.rows.disconnect();
  }
  // Tells every row and cell whether this is a list, and every cell what its column is. The way to more rows waits
  // until the page is read: each row that still comes in would push it down.
  arrange() {
    if (!this.isConnected) return;
    const list = this.list = this.variant === "list" || (this.clientWidth > 0 && this.clientWidth < 490);
    const headers = [...this.querySelectorAll("s-table-header")];
    this.state("list", list);
    this.state("whole", document.readyState !== "loading");
    for (const part of this.querySelectorAll("s-table-header-row, s-table-body, s-table-row")) part.state?.("list", list);
    for (const row of this.querySelectorAll("s-table-row"))
      [...row.children].forEach((cell, place) => cell.follow?.(headers[place], list));
  }
});

class TablePart extends PolarisElement {
  static role = "";
  // What comes into a page all at once stands from the first frame on as it will stay.
  drawn() {
    this.role = this.constructor.role;
    const table = this.closest("s-table");
    if (table) this.fit(table);
  }
  fit(table) { this.state("list", Boolean(table.list)); }
}

define("s-table-header-row", class extends TablePart {
  static role = "row";
  static css = `:host { display: table-row; background: #f7f7f7; } :host(:state(list)) { display: none; }`;
});
define("s-table-header", class extends TablePart {
  static role = "columnheader";
  static props = { listSlot: String, format: String };
  static css = `:host { display: table-cell; padding: 8px 12px; font-size: 12px; font-weight: 550; color: #616161; text-align: start; white-space: nowrap; border-bottom: 1px solid #ebebeb; }
    :host([format="numeric"]), :host([format="currency"]) { text-align: end; } :host(:first-child) { padding-inline-start: 16px; } :host(:last-child) { padding-inline-end: 16px; }`;
});
define("s-table-body", class extends TablePart {
  static role = "rowgroup";
  static css = `:host { display: table-row-group; } :host(:state(list)) { display: block; }`;
});
define("s-table-row", class extends TablePart {
  static role = "row";
  static props = { clickDelegate: String };
  static css = `
    :host { display: table-row; } :host([clickdelegate]) { cursor: pointer; } :host(:hover) { background: #f7f7f7; }
    :host(:state(list)) { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 8px; padding: 12px 16px; border-bottom: 1px solid #ebebeb; }
  `;
  connectedCallback() {
    super.connectedCallback();
    this.onclick = (event) => {
      const busy = event.composedPath().some((node) => node !== this && node.matches?.("a, button, input, s-link, s-button, s-clickable, s-checkbox"));
      if (this.clickDelegate && !busy && !event.defaultPrevented) this.getRootNode().getElementById(this.clickDelegate)?.click();
    };
  }
});
define("s-table-cell", class extends TablePart {
  static role = "cell";
  static css = `
    :host { display: table-cell; padding: 8px 12px; vertical-align: middle; border-bottom: 1px solid #ebebeb; }
    :host(:first-child) { padding-inline-start: 16px; } :host(:last-child) { padding-inline-end: 16px; }
    :host(:state(number)) { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .label { display: none; color: #616161; }
    :host(:state(list)) { display: block; padding: 0; border: 0; text-align: start; order: 4; }
    :host(:state(list):state(labeled)) { flex: 1 1 100%; order: 5; } :host(:state(list):state(labeled)) .label { display: inline; }
    :host(:state(list):state(kicker)) { flex: 1 1 100%; order: 1; font-size: 12px; color: #616161; }
    :host(:state(list):state(primary)) { flex: 1 1 100%; order: 2; font-weight: 600; } :host(:state(list):state(secondary)) { flex: 1 1 100%; order: 3; color: #616161; }
  `;
  draw() { return `<span class="label">${escaped(this.label ?? "")}: </span><slot></slot>`; }
  fit(table) {
    if (this.label === undefined) this.follow(table.querySelectorAll("s-table-header")[[...this.parentNode.children].indexOf(this)], Boolean(table.list));
  }
  follow(header, list) {
    const slot = header?.getAttribute("listslot") ?? "labeled";
    for (const name of ["primary", "secondary", "inline", "kicker", "labeled"]) this.state(name, name === slot);
    this.state("number", ["numeric", "currency"].includes(header?.getAttribute("format")));
    this.state("list", list);
    const label = header?.textContent.trim() ?? "";
    if (label === this.label) return;
    this.label = label;
    this.redraw();
  }
});
