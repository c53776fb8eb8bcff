// What only the browser can do: the address, landmarks, scrolling, opened folds, and the narrow layout.
(() => {
  if (window.secondOpinion) return; // Gradio puts the head in twice: once on the server, once in the browser
  const narrow = window.matchMedia("(max-width: 900px)");
  const byId = (id) => document.getElementById(id);
  const opened = new Set(); // folds that the person has opened; new HTML would close them
  let lastCite = null;

  // The id of the conversation stands in the address, so that a reload and a second tab find the right one.
  window.secondOpinion = {
    remember(id) {
      const address = new URL(window.location.href);
      if (id && address.searchParams.get("c") !== id) {
        address.searchParams.set("c", id);
        window.history.replaceState(null, "", address);
      }
    },
  };

  function nameLandmarks() {
    const landmarks = [
      ["left", "navigation", "Submissions and conversations"],
      ["centre", "region", "Conversation"],
      ["right", "complementary", "Evidence, runs and meta-review"],
    ];
    for (const [id, role, label] of landmarks) {
      byId(id).setAttribute("role", role);
      byId(id).setAttribute("aria-label", label);
    }
    byId("log").setAttribute("role", "log");
    byId("log").setAttribute("aria-live", "polite");
    const box = document.querySelector("#message textarea");
    if (box) box.setAttribute("aria-label", "Message");
  }

  // A new question comes to the top of the conversation and its answer is read from there. What arrives later, a verdict
  // of an earlier run, only comes into view while the person has not scrolled elsewhere.
  function keepQuestionInView() {
    const talk = byId("talk");
    let shown = "", turns = 0, moved = false, waiting = 0;
    for (const kind of ["wheel", "touchmove", "keydown"]) talk.addEventListener(kind, () => (moved = true), { passive: true });
    function settle() {
      waiting = 0;
      const all = talk.querySelectorAll(".turn");
      const last = all[all.length - 1];
      const id = new URLSearchParams(window.location.search).get("c");
      const fresh = id !== shown || all.length > turns;
      if (last && fresh && !(moved && last.matches(".late"))) {
        if (narrow.matches) last.scrollIntoView({ block: "start" });
        else talk.scrollTop += last.getBoundingClientRect().top - talk.getBoundingClientRect().top;
        moved = false;
      }
      [shown, turns] = [id, all.length];
    }
    new MutationObserver(() => {
      reopen();
      // The finished turn moves from one region to the other: look again once both have been drawn.
      if (!waiting) waiting = window.setTimeout(settle, 60);
    }).observe(talk, { childList: true, subtree: true, attributes: true, attributeFilter: ["open"] });
  }

  function reopen() {
    for (const fold of document.querySelectorAll("details[data-key]")) {
      const open = opened.has(fold.dataset.key);
      if (fold.open !== open) fold.open = open;
    }
  }

  document.addEventListener("click", (event) => {
    const summary = event.target.closest("summary");
    const key = summary && summary.parentElement.dataset.key;
    if (key) opened.has(key) ? opened.delete(key) : opened.add(key);
    const cite = event.target.closest(".cite");
    if (cite) {
      for (const other of document.querySelectorAll(".cite[aria-current]")) other.removeAttribute("aria-current");
      cite.setAttribute("aria-current", "true");
      lastCite = cite;
    }
    const button = event.target.closest("[data-local]");
    if (button) {
      event.preventDefault();
      ({ skip, menu, beside, back, part: goTo, write, leave })[button.dataset.local](button.dataset.part);
    }
    if (event.target.closest("#left .row, #new") && narrow.matches) closeMenu();
  });

  // What takes long says so: a pressed button is busy until the page changes.
  function showBusy() {
    const release = () => {
      for (const button of document.querySelectorAll("[data-act][aria-busy]")) button.removeAttribute("aria-busy");
    };
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (button) button.setAttribute("aria-busy", "true");
    });
    new MutationObserver(release).observe(byId("desk"), { childList: true, subtree: true });
  }

  function skip() {
    const box = document.querySelector("#message textarea");
    if (box) box.focus();
  }

  function menu() {
    setMenu(!byId("desk").classList.contains("menu-open"));
  }

  // On a narrow screen the panel stands below the conversation.
  function beside() {
    closeMenu();
    byId("right").scrollIntoView({ block: "start" });
    const tab = document.querySelector("#tabs [role=tab][aria-selected=true]");
    if (tab) tab.focus({ preventScroll: true });
  }

  // A form that is sent would leave the page for a moment, and Gradio would hang up for good: a link that downloads does not.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form.export");
    if (!form) return;
    event.preventDefault();
    const link = document.createElement("a");
    link.href = `${form.action}?${new URLSearchParams(new FormData(form, event.submitter))}`;
    link.download = "";
    link.click();
  });

  function setMenu(open) {
    byId("desk").classList.toggle("menu-open", open);
    document.querySelector(".menu").setAttribute("aria-expanded", String(open));
    if (open) window.scrollTo(0, 0); // the lists stand above the conversation
  }

  function closeMenu() {
    setMenu(false);
  }

  function back() {
    if (lastCite && lastCite.isConnected) {
      if (lastCite.closest("#metareview")) openTab("Meta-review");
      lastCite.scrollIntoView({ block: "center" });
      lastCite.focus();
    } else {
      skip();
    }
  }

  function openTab(name) {
    for (const tab of document.querySelectorAll("#tabs [role=tab]")) if (tab.textContent.trim() === name) tab.click();
  }

  // The meta-review: a section turns into a text field and back. What is not saved yet is kept in this tab, over a redraw
  // and a reload, with the version that was seen, until the page shows a later version that holds it.
  const partOf = (name) => byId(`part-${name}`);
  const keyOf = (area) => `unsaved:${area.closest(".metareview").dataset.conversation}:${area.dataset.part}`;

  function goTo(name) {
    const title = byId(`title-${name}`);
    if (!title) return;
    title.scrollIntoView({ block: "start" });
    title.focus({ preventScroll: true });
  }

  function edit(name, on) {
    partOf(name).querySelector(".part-edit").hidden = !on;
    partOf(name).querySelector(".part-text").hidden = on;
    partOf(name).querySelector(".part-head button").hidden = on;
  }

  function write(name) {
    edit(name, true);
    const area = byId(`text-${name}`);
    area.style.height = `${Math.min(area.scrollHeight + 4, window.innerHeight * 0.6)}px`;
    area.focus();
  }

  function leave(name) {
    const area = byId(`text-${name}`);
    sessionStorage.removeItem(keyOf(area));
    area.value = area.defaultValue;
    edit(name, false);
    partOf(name).querySelector(".part-head button").focus();
  }

  function bringBackUnsaved() {
    for (const area of document.querySelectorAll("#metareview textarea")) {
      const kept = JSON.parse(sessionStorage.getItem(keyOf(area)) || "null");
      if (!kept || area.dataset.back) continue;
      if (kept.saving && Number(area.dataset.seen) > Number(kept.seen)) {
        sessionStorage.removeItem(keyOf(area));
        continue;
      }
      area.value = kept.text;
      area.dataset.seen = kept.seen;
      area.dataset.back = "yes";
      edit(area.dataset.part, true);
    }
  }

  function keepUnsaved() {
    const panel = byId("right"); // Gradio draws a tab when it is first opened
    const keep = (area, saving) =>
      sessionStorage.setItem(keyOf(area), JSON.stringify({ text: area.value, seen: area.dataset.seen, saving }));
    panel.addEventListener("input", (event) => event.target.matches("#metareview textarea") && keep(event.target, false));
    panel.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act=write]");
      if (!button) return;
      const area = byId(button.dataset.field);
      if (area.value === area.defaultValue) {
        event.stopPropagation(); // nothing to keep
        leave(area.dataset.part);
      } else keep(area, true);
    }, true);
    new MutationObserver(bringBackUnsaved).observe(panel, { childList: true, subtree: true });
    bringBackUnsaved();
  }

  // A passage that was just opened is announced and comes into view: the stretch that is marked, and on a narrow screen
  // the panel.
  function showEvidence() {
    const panel = byId("evidence");
    const status = document.createElement("p");
    status.className = "sr";
    status.setAttribute("role", "status");
    byId("right").prepend(status);
    new MutationObserver(() => {
      const here = panel.querySelector(".whole mark.here");
      if (here) here.scrollIntoView({ block: "center" });
      const heading = panel.querySelector("h2");
      status.textContent = heading ? `Opened beside the conversation: ${heading.textContent}` : "";
      if (heading && narrow.matches) {
        heading.scrollIntoView({ block: "start" });
        heading.focus({ preventScroll: true });
      }
    }).observe(panel, { childList: true, subtree: true, characterData: true });
  }

  function start() {
    if (!byId("evidence") || !byId("log") || !byId("composer")) return window.requestAnimationFrame(start);
    nameLandmarks();
    keepQuestionInView();
    showEvidence();
    keepUnsaved();
    showBusy();
  }
  start();
})();
