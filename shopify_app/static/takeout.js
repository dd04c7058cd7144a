// Fetches the file of everything, with the merchant's token, and says meanwhile how far it has come.
(() => {
  const POLL = 1000; // milliseconds between looks
  const button = document.querySelector("[data-takeout]");
  const box = document.getElementById("takeout");

  async function look() {
    const answer = await fetch(button.dataset.look).catch(() => null);
    if (!answer?.ok) return;
    const { sentence, count, total } = await answer.json();
    if (sentence) box.querySelector("[data-sentence]").textContent = sentence;
    Object.assign(box.querySelector("s-progress"), { max: Math.max(total, 1), value: count });
  }

  // A stream that breaks off rejects: half a file is never saved.
  async function fetched() {
    const answer = await fetch(button.dataset.takeout);
    if (!answer.ok) throw new Error(answer.statusText);
    const name = /filename="?([\w.-]+)/.exec(answer.headers.get("Content-Disposition"))[1];
    return { download: name, href: URL.createObjectURL(await answer.blob()) };
  }

  button.addEventListener("click", async () => {
    if (button.loading) return;
    button.loading = true;
    box.hidden = false;
    const looking = setInterval(look, POLL);
    try {
      const file = await fetched();
      Object.assign(document.createElement("a"), file).click();
      setTimeout(() => URL.revokeObjectURL(file.href), 60000);
    } catch {
      shopify.toast.show(document.body.dataset.failed, { isError: true });
    }
    clearInterval(looking);
    await look();
    button.loading = false;
  });
})();
