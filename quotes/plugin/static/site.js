// What pages can do better with a script; all work without one.
"use strict";
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = document.getElementById("q");
  if (search) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

// Copy buttons: <span data-copy="ID of what is copied" data-label="what it is">.
const told = document.createElement("p");
told.className = "unseen";
told.setAttribute("aria-live", "polite");

const copied = async (element) => {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    // No permission, or no https: the old way, by a selection.
    const selection = getSelection();
    selection.selectAllChildren(element);
    const done = document.execCommand("copy");
    if (done) selection.removeAllRanges();
    return done;
  }
};

for (const place of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy quiet";
  button.append("Copy");
  button.setAttribute("aria-label", `Copy ${place.dataset.label}`);
  button.addEventListener("click", async () => {
    const done = await copied(document.getElementById(place.dataset.copy));
    button.textContent = done ? "Copied" : "Selected: press Ctrl+C";
    told.textContent = "";
    setTimeout(() => { told.textContent = button.textContent; }, 50);
    setTimeout(() => { button.textContent = "Copy"; }, 3000);
  });
  place.replaceWith(button);
}
document.body.append(told);

// In an article: a card about the quotes under the pointer, the finger or the focus.
const text = document.querySelector("article.text");
if (text) {
  document.documentElement.classList.add("scripted");
  const card = document.createElement("div");
  card.className = "card";
  card.hidden = true;
  document.body.append(card);
  let leaving = 0;

  const hide = () => {
    card.hidden = true;
    for (const lit of text.querySelectorAll(".lit")) lit.classList.remove("lit");
  };
  const hideSoon = () => {
    clearTimeout(leaving);
    leaving = setTimeout(hide, 250);
  };
  const line = (ref) => {
    const paragraph = document.createElement("p");
    const who = document.createElement("b");
    const about = document.createElement("span");
    const link = document.createElement("a");
    who.textContent = ref.dataset.who;
    about.textContent = ref.dataset.about;
    link.textContent = `Open quote ${ref.dataset.quote}`;
    link.href = ref.href;
    link.tabIndex = -1; // the number in the text is the same link
    paragraph.append(who, about, link);
    return paragraph;
  };
  const show = (element, numbers, y) => {
    clearTimeout(leaving);
    hide();
    const refs = numbers.map((number) => text.querySelector(`.ref[data-quote="${number}"]`));
    card.replaceChildren(...refs.filter(Boolean).reverse().map(line));
    const inner = numbers[numbers.length - 1];
    for (const part of text.querySelectorAll(`[data-quotes~="${inner}"]`)) part.classList.add("lit");
    card.hidden = false;
    const lines = [...element.getClientRects()];
    const box = lines.find((rect) => y <= rect.bottom) ?? lines[lines.length - 1];
    const left = Math.min(box.left, document.documentElement.clientWidth - card.offsetWidth - 16);
    card.style.left = `${Math.max(16, left) + scrollX}px`;
    card.style.top = `${box.bottom + scrollY + 6}px`;
  };
  const showOf = (target, y = Infinity) => {
    const part = target.closest?.("[data-quotes], .ref");
    if (!part) return false;
    show(part, (part.dataset.quotes ?? part.dataset.quote).split(" "), y);
    return true;
  };
  text.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "touch" && !showOf(event.target, event.clientY)) hideSoon();
  });
  text.addEventListener("pointerleave", hideSoon);
  text.addEventListener("focusin", (event) => showOf(event.target));
  text.addEventListener("focusout", hideSoon);
  card.addEventListener("pointerenter", () => clearTimeout(leaving));
  card.addEventListener("pointerleave", hideSoon);
  document.addEventListener("click", (event) => {
    if (!card.contains(event.target) && !showOf(event.target, event.clientY)) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  const voices = document.querySelector("details.voices");
  if (voices && matchMedia("(max-width: 59.99rem)").matches) voices.open = false;
}
