// What makes pages better where scripts run. Every page and every form works without this file.
"use strict";

// Times are in the reader's own zone; the title of each says the plan's.
const own = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const showTimes = root => {
  for (const time of root.querySelectorAll("time[data-here]")) {
    const text = own.format(new Date(time.dateTime)).replace(",", "");
    if (text !== time.textContent) time.textContent = text;
  }
};
const note = document.querySelector("[data-plan-zone]");
if (note) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && zone !== note.dataset.planZone) note.textContent = `Times are yours (${zone}); point at one for ${note.dataset.planZone}.`;
}
showTimes(document);

// A page that shows work under way asks again and replaces its live parts only: nothing that is typed or focused is lost.
const main = document.querySelector("main[data-refresh]");
const isTouched = () => [...document.querySelectorAll("main input, main textarea, main select")].some(field =>
  field.type !== "hidden" && (field === document.activeElement
    || (field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.tagName !== "SELECT" && field.value !== field.defaultValue)));
const look = async seconds => {
  try {
    if (!document.hidden) {
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "manual" });
        if (answer.type === "opaqueredirect") { location.reload(); return; }
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const next = page.querySelector("main");
        for (const part of document.querySelectorAll("[data-live][id]")) {
          const fresh = page.getElementById(part.id);
          if (fresh && !part.contains(document.activeElement)) {
            showTimes(fresh);
            if (fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
          }
        }

        const stage = next?.dataset.stage;
        if (!next?.dataset.refresh || stage !== main.dataset.stage) {
          if (!isTouched()) { location.reload(); return; }
          document.getElementById("changed")?.removeAttribute("hidden");
        }
      }
    }
  } catch { /* The host is away for a moment; the next look may find it. */ }
  setTimeout(look, seconds * 1000, seconds);
};
if (main) setTimeout(look, main.dataset.refresh * 1000, Number(main.dataset.refresh));

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", event => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => { for (const form of document.forms) { delete form.dataset.sent; form.removeAttribute("aria-busy"); } });

// Buttons that need a script are shown where one runs.
for (const hidden of document.querySelectorAll("[data-scripted]")) hidden.hidden = false;
for (const button of document.querySelectorAll("button[data-print]")) button.addEventListener("click", () => print());

// An answer that is given often goes into its field at once; without scripts the page comes back with it.
for (const form of document.querySelectorAll("form[data-templates]")) {
  form.addEventListener("submit", event => {
    const field = document.getElementById(form.dataset.templates);
    const text = form.querySelector("select").selectedOptions[0]?.dataset.text;
    event.preventDefault();
    if (!field || !text) return;
    field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${text}` : text;
    field.focus();
  });
}

// Articles that may help, while somebody writes; without scripts they are on the page that answers.
for (const field of document.querySelectorAll("[data-suggest]")) {
  const place = field.parentElement.querySelector(".suggestions");
  if (!place) continue;
  let timer = 0, asked = "";
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const text = field.value.trim().slice(0, 500);
      if (text === asked || text.length < 8) return;
      asked = text;
      try {
        const answer = await fetch(field.dataset.suggest + encodeURIComponent(text));
        if (!answer.ok || asked !== text) return;
        const hits = await answer.json();
        place.replaceChildren();
        if (!hits.length) return;
        const list = document.createElement("ul");
        for (const hit of hits) {
          const link = document.createElement("a");
          link.href = hit.path; link.textContent = hit.title; link.target = "_blank"; link.rel = "noopener";
          const item = document.createElement("li");
          item.append(link); list.append(item);
        }
        const title = document.createElement("p");
        title.textContent = place.dataset.title;
        place.append(title, list);
      } catch { /* Nothing is suggested while the host is away. */ }
    }, 700);
  });
}

// How many tickets are chosen.
const chosen = document.querySelector("[data-chosen]");
if (chosen) {
  const boxes = [...document.querySelectorAll("input[name=ticket]")];
  const all = document.querySelector("[data-choose-all]");
  const count = () => {
    const many = boxes.filter(box => box.checked).length;
    chosen.textContent = many ? `(${many})` : "";
    if (all) { all.checked = many > 0 && many === boxes.length; all.indeterminate = many > 0 && many < boxes.length; }
  };
  document.addEventListener("change", count);
  all?.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; count(); });
  count();
}

// Keys of ticket pages.
const help = document.querySelector("dialog#keys");
if (help) {
  const off = "maintenance-keys-off";
  const toggle = help.querySelector("[data-keys=switch]");
  let stored = null;
  try { stored = localStorage.getItem(off); } catch { /* Kept back by the browser: the keys are on. */ }
  toggle.checked = stored === null;
  toggle.addEventListener("change", () => { try { toggle.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1"); } catch { /* Then it holds for this page alone. */ } });
  document.querySelector("[data-keys=help]")?.addEventListener("click", () => help.showModal());
  const rows = [...document.querySelectorAll("table[data-keys=rows] tbody tr")];
  const at = () => rows.findIndex(row => row.contains(document.activeElement));
  const go = row => row?.querySelector("th a").focus();
  const open = id => { const field = document.getElementById(id); if (!field) return; field.closest("details")?.setAttribute("open", ""); field.focus(); };
  const keys = {
    "?": () => help.showModal(),
    j: () => go(rows[Math.min(at() + 1, rows.length - 1)]),
    k: () => go(rows[Math.max(at() - 1, 0)]),
    x: () => rows[at()]?.querySelector("input[type=checkbox]")?.click(),
    "/": () => document.querySelector("[data-keys=search]")?.focus(),
    n: () => document.querySelector("[data-keys=new]")?.click(),
    r: () => open("respond"),
    i: () => open("note"),
    e: () => open("solution"),
    a: () => open("to"),
    s: () => document.querySelector("[data-keys=start]")?.focus(),
    u: () => { if (!rows.length) location.assign("/tickets"); },
  };
  document.addEventListener("keydown", event => {
    const isTyping = event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping || !Object.hasOwn(keys, event.key) || (!toggle.checked && event.key !== "?")) return;
    event.preventDefault();
    keys[event.key]();
  });
}
