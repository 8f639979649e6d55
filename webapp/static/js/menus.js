/* Menus close when somebody goes elsewhere: a click beside it, the focus leaving it, Escape. */

const opened = () => document.querySelectorAll('details.drop[open]');

function closeBut(place) {
  for (const menu of opened()) if (!menu.contains(place)) menu.open = false;
}

document.addEventListener('click', (event) => closeBut(event.target));
document.addEventListener('focusin', (event) => closeBut(event.target));

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of opened()) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});
