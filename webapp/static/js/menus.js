/* Menus of the header close when somebody goes elsewhere: another menu, a click beside it, Escape. */

const menus = [...document.querySelectorAll('details.drop')];

document.addEventListener('click', (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener('keydown', (event) => {
  const open = menus.find((menu) => menu.open);
  if (event.key !== 'Escape' || !open) return;
  open.open = false;
  open.querySelector('summary').focus();
});
