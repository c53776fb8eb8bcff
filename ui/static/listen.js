// Runs once for each HTML region: a press on a button with data-act becomes the region's click event with its data.
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button || (button.dataset.confirm && !window.confirm(button.dataset.confirm))) return;
  trigger("click", { ...button.dataset });
});
