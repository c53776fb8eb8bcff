// Runs once for each HTML region: a press on a button with data-act becomes the region's click event with its data,
// and with the text of the field that it names.
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (!button || (button.dataset.confirm && !window.confirm(button.dataset.confirm))) return;
  const field = button.dataset.field && document.getElementById(button.dataset.field);
  trigger("click", field ? { ...button.dataset, text: field.value, seen: field.dataset.seen } : { ...button.dataset });
});
