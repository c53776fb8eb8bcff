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
      ["right", "complementary", "Evidence, runs and decision"],
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
      ({ skip, menu, back })[button.dataset.local]();
    }
    if (event.target.closest("#left .row, #new") && narrow.matches) closeMenu();
  });

  function skip() {
    const box = document.querySelector("#message textarea");
    if (box) box.focus();
  }

  function menu() {
    setMenu(!byId("desk").classList.contains("menu-open"));
  }

  function setMenu(open) {
    byId("desk").classList.toggle("menu-open", open);
    document.querySelector(".menu").setAttribute("aria-expanded", String(open));
  }

  function closeMenu() {
    setMenu(false);
  }

  function back() {
    if (lastCite && lastCite.isConnected) {
      lastCite.scrollIntoView({ block: "center" });
      lastCite.focus();
    } else {
      skip();
    }
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
  }
  start();
})();
